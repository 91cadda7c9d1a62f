package io.millrace.model;

/**
 * Names a message in the queue in which it was received, whatever has become of either. Immutable.
 *
 * @param queue name of the queue
 * @param incarnation how many queues were created before that one
 * @param sequence place of the message there
 */
record Ref(String queue, int incarnation, long sequence) {
    @Override
    public String toString() {
        return queue + "." + incarnation + "#" + sequence;
    }
}
