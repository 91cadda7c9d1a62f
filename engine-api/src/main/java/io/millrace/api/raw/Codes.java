package io.millrace.api.raw;

/**
 * What the raw tier answers when it cannot do what was asked: a negative number, where success is zero or more.
 * Stateless, thread-safe.
 *
 * <table>
 *   <caption>The codes, and what to do about each</caption>
 *   <tr><th>constant</th><th>value</th><th>meaning</th><th>do</th></tr>
 *   <tr><td>{@link #OFF_HEAP_LIMIT}</td><td>-1</td>
 *     <td>the engine holds as much off-heap memory as it may</td><td>retry</td></tr>
 *   <tr><td>{@link #BACKLOG_LIMIT}</td><td>-2</td>
 *     <td>the queue holds as many messages as it may</td><td>retry</td></tr>
 *   <tr><td>{@link #MESSAGE_TOO_LARGE}</td><td>-3</td>
 *     <td>the message is longer than the queue allows</td><td>fix</td></tr>
 *   <tr><td>{@link #IN_FLIGHT_LIMIT}</td><td>-4</td>
 *     <td>as many messages are in flight as may be</td><td>retry</td></tr>
 *   <tr><td>{@link #STALE}</td><td>-5</td>
 *     <td>too late: the message is gone or not in flight any more</td><td>go on</td></tr>
 *   <tr><td>{@link #CLOSED}</td><td>-6</td>
 *     <td>the object, its queue or its engine is closed or deleted</td><td>stop</td></tr>
 *   <tr><td>{@link #DISK_FULL}</td><td>-7</td>
 *     <td>there is no room on the disk</td><td>retry</td></tr>
 * </table>
 *
 * <p>All codes fit an {@code int}. Later versions may add some, so treat an unknown one as a reason to stop.
 */
public final class Codes {
    /** Retry later: the engine holds as much off-heap memory as its {@code offHeapLimit} allows. */
    public static final long OFF_HEAP_LIMIT = -1;

    /** Retry later: the queue holds as many messages as its {@code maxBacklog} allows. */
    public static final long BACKLOG_LIMIT = -2;

    /** Fix: payload and attributes are longer than the queue's {@code maxMessageBytes}. */
    public static final long MESSAGE_TOO_LARGE = -3;

    /** Retry later: as many messages are in flight as the queue's {@code maxInFlight} allows. */
    public static final long IN_FLIGHT_LIMIT = -4;

    /** Go on: it is too late, the message is gone or, where that matters, not in flight any more. */
    public static final long STALE = -5;

    /** Stop: the sender or receiver is closed, its queue deleted or its engine closed. */
    public static final long CLOSED = -6;

    /** Retry later: there is no room on the disk for another segment of the log. */
    public static final long DISK_FULL = -7;

    /** The code -n stands at place n - 1. */
    private static final String[] NAMES = {
        "OFF_HEAP_LIMIT", "BACKLOG_LIMIT", "MESSAGE_TOO_LARGE", "IN_FLIGHT_LIMIT", "STALE", "CLOSED", "DISK_FULL"
    };

    private Codes() {}

    /**
     * The name of a result, for logs and messages.
     *
     * @param result what a method of this tier returned, any value
     * @return the name of the constant, {@code OK} for zero and more, or {@code UNKNOWN(n)}
     */
    public static String nameOf(long result) {
        if (result >= 0) {
            return "OK";
        }
        return result >= -NAMES.length ? NAMES[(int) (-1 - result)] : "UNKNOWN(" + result + ")";
    }
}
