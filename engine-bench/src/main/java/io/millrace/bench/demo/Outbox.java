package io.millrace.bench.demo;

import io.millrace.api.Message;

/** Where the sending side puts its messages: the queue, or what a test puts in front of it. */
@FunctionalInterface
interface Outbox {
    void send(Message message) throws InterruptedException;
}
