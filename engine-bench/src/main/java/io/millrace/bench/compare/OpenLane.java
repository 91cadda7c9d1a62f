package io.millrace.bench.compare;

import io.millrace.bench.run.Lane;

/** A contestant that is ready for messages. */
interface OpenLane extends Lane, AutoCloseable {
    /** Messages in it; exact when nobody is at work. */
    long left();

    @Override
    void close();
}
