package io.millrace.api.queue;

import io.millrace.api.MessageId;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.check.Arguments;

/** What became of a message that was sent without waiting. Immutable. */
public sealed interface SendResult {
    /**
     * The queue has taken the message. Immutable.
     *
     * @param id the id that the message has in the queue, not null
     */
    record Accepted(MessageId id) implements SendResult {
        /**
         * Refuses null.
         *
         * @param id the id that the message has in the queue
         * @throws NullPointerException if the id is null
         */
        public Accepted {
            Arguments.notNull("id", id);
        }
    }

    /**
     * The queue has not taken the message, and nothing has changed. Immutable.
     *
     * @param why which limit was in the way, not null
     */
    record Refused(Refusal why) implements SendResult {
        /**
         * Refuses null.
         *
         * @param why which limit was in the way
         * @throws NullPointerException if the refusal is null
         */
        public Refused {
            Arguments.notNull("why", why);
        }
    }

    /**
     * Whether the message is in the queue.
     *
     * @return false if it was refused
     */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /**
     * The id of the message, for callers who did not expect a refusal.
     *
     * @return the id that the message has in the queue
     * @throws SendRefusedException if it was refused
     */
    default MessageId orElseThrow() {
        if (this instanceof Refused refused) {
            throw new SendRefusedException(refused.why());
        }
        return ((Accepted) this).id();
    }
}
