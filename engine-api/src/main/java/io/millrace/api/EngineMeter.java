package io.millrace.api;

import java.util.Map;

/**
 * One figure of an engine or of one of its queues, read when somebody asks for it. Thread-safe.
 *
 * <p>Names are lower case with dots, like {@code millrace.queue.sent}; name and tags together name one meter of an
 * engine. Two engines have meters of the same names: whoever shows both adds a tag of his own.
 */
public interface EngineMeter {
    /** How the values of a meter hang together. */
    enum Kind {
        /** Counts what was done since the queue was created or the engine opened: never becomes less. */
        COUNTER,
        /** Says what is there now: goes up and down. */
        GAUGE
    }

    /**
     * What it measures.
     *
     * @return a name of lower-case words, with dots and underscores between them
     */
    String name();

    /**
     * How its values hang together.
     *
     * @return whether it counts or shows
     */
    Kind kind();

    /**
     * What the values are numbers of.
     *
     * @return a plural such as {@code messages}, {@code bytes} or {@code milliseconds}
     */
    String unit();

    /**
     * What it measures, for people.
     *
     * @return one sentence without its full stop
     */
    String description();

    /**
     * What it is measured of: for a meter of a queue, {@code queue} and the queue's name.
     *
     * @return names and values, unmodifiable, possibly none
     */
    Map<String, String> tags();

    /**
     * Reads the figure. Lock-free; throws nothing, also not when the queue is deleted or the engine closed, after which
     * the answer means nothing.
     *
     * @return the figure in {@link #unit()}s, 0 or more
     */
    long value();
}
