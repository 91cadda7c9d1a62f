package io.millrace.api.queue;

import io.millrace.api.check.Arguments;

/**
 * When a message has failed too often, and where it goes then. Immutable.
 *
 * <p>A message that has been received {@code maxReceives} times and would be received once more is moved instead.
 * Nothing moves by time alone.
 *
 * @param deadLetterQueue the name of the queue that takes such messages, see {@link QueueNames}, not null
 * @param maxReceives how often a message is handed out at most, 1 to 1,000,000
 */
public record RedrivePolicy(String deadLetterQueue, int maxReceives) {
    private static final int MAX_RECEIVES = 1_000_000;

    /**
     * Checks the ranges above; whether the queue exists is checked where the policy is applied.
     *
     * @param deadLetterQueue the name of the dead-letter queue
     * @param maxReceives how often a message is handed out at most
     * @throws NullPointerException if the name is null
     * @throws IllegalArgumentException if the name breaks the rules or the number is out of range
     */
    public RedrivePolicy {
        QueueNames.check(Arguments.notNull("deadLetterQueue", deadLetterQueue));
        Arguments.between("maxReceives", maxReceives, 1, MAX_RECEIVES);
    }
}
