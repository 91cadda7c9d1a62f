package io.millrace.queue.listener;

public final class BatchConsumer {}
