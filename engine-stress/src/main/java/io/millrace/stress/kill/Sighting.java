package io.millrace.stress.kill;

/**
 * A message was seen: delivered, or looked at while everybody stood still. Immutable.
 *
 * @param number which message
 * @param id the message id that it had
 * @param queue where
 * @param count its receive count, a delivery included
 * @param isDelivery whether it was delivered
 * @param isVisible whether it could have been received, if it was only looked at
 * @param isInFlight whether it was in flight, if it was only looked at
 * @param place its message number in the queue, or -1 if that is not known
 * @param begunLine line before which nobody had looked yet
 * @param line line by which it had been seen
 * @param byMs wall time by which it had been seen
 */
record Sighting(
        long number,
        String id,
        String queue,
        int count,
        boolean isDelivery,
        boolean isVisible,
        boolean isInFlight,
        long place,
        long begunLine,
        long line,
        long byMs) {
    /** How often it had been received before. */
    int countBefore() {
        return isDelivery ? count - 1 : count;
    }

    @Override
    public String toString() {
        return (isDelivery ? "delivered" : isVisible ? "visible" : isInFlight ? "in flight" : "delayed") + " in "
                + queue + " id=" + id + " count=" + count + " line=" + line;
    }
}
