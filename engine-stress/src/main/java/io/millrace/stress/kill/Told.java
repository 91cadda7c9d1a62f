package io.millrace.stress.kill;

import io.millrace.api.MessageId;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A delivery whose message is whole, as the ledger is told of it. Immutable.
 *
 * @param number which message
 * @param id its id
 * @param count its receive count
 * @param receipt what ends it
 */
record Told(long number, MessageId id, int count, ReceiptHandle receipt) {
    /** Checks every byte; what is not as it was sent is told at once, and left out. */
    static List<Told> of(Diary diary, String who, List<Delivery> deliveries) {
        final List<Told> told = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            final OptionalLong number = Content.numberOf(delivery.bytes(), delivery.attributes());
            if (number.isPresent()) {
                told.add(new Told(number.getAsLong(), delivery.id(), delivery.receiveCount(), delivery.receipt()));
            } else {
                diary.say(who, "broken delivery " + delivery.id() + " " + delivery.attributes());
            }
        }
        return told;
    }

    /** The line that reports them. */
    static String got(List<Told> told) {
        return told.stream().map(each -> each + ":" + each.count + ":-1").collect(Collectors.joining(",", "got ", ""));
    }

    /** What an operation names them by. */
    static String named(List<Told> told) {
        return joined(told);
    }

    /** What a send was answered. */
    static String answer(SendResult result) {
        return result instanceof SendResult.Accepted accepted
                ? accepted.id().toString()
                : "!" + ((SendResult.Refused) result).why().reason();
    }

    static String joined(List<?> items) {
        return items.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return number + ":" + id;
    }
}
