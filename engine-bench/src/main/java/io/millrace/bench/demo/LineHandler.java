package io.millrace.bench.demo;

import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import io.millrace.api.queue.MessageHandler;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * What a consumer of the demo does: fails where the plan says so, and else accepts a piece. Thread-safe.
 *
 * <p>A queue delivers at least once, but exactly one acknowledgement of a message succeeds; so a consumer that nobody kills
 * puts a piece into its file only after that, and a place that is taken by then proves that the message was there twice.
 */
final class LineHandler implements MessageHandler {
    private static final Duration GIVE_BACK_DELAY = Duration.ofMillis(20);

    private final FailurePlan plan;
    private final DemoCounters counters;
    private final Problems problems;
    private final BiConsumer<Piece, Delivery> acceptance;

    /** @param acceptance what to do with what does not fail */
    LineHandler(FailurePlan plan, DemoCounters counters, Problems problems, BiConsumer<Piece, Delivery> acceptance) {
        this.plan = plan;
        this.counters = counters;
        this.problems = problems;
        this.acceptance = acceptance;
    }

    /** A handler that acknowledges a piece, and then puts it into its file. */
    static LineHandler into(RebuiltFiles files, FailurePlan plan, DemoCounters counters, Problems problems) {
        return new LineHandler(plan, counters, problems, (piece, delivery) -> {
            if (!delivery.ack()) {
                counters.late();
                return;
            }
            counters.accept(piece);
            if (!files.put(piece)) {
                problems.add("a message was there twice: " + piece);
            }
        });
    }

    @Override
    public void onBatch(MessageBatch batch) {
        for (Delivery delivery : batch) {
            try {
                deal(batch, delivery);
            } catch (IllegalArgumentException e) {
                problems.add("a message was not what was sent: " + e.getMessage());
            }
        }
    }

    private void deal(MessageBatch batch, Delivery delivery) {
        Piece piece = Piece.of(delivery);
        count(piece, delivery);
        switch (plan.next(piece)) {
            case ACCEPT -> acceptance.accept(piece, delivery);
            case FAIL -> batch.fail(delivery);
            case GIVE_BACK -> delivery.retryAfter(GIVE_BACK_DELAY);
            case DEAD_LETTER -> delivery.deadLetter("the demo rejects " + piece);
        }
    }

    /** A redriven message counts its receives from the start; the plan knows that the piece has been here. */
    private void count(Piece piece, Delivery delivery) {
        counters.delivery(delivery.receiveCount() > 1);
        if (delivery.receiveCount() == 1 && !plan.hasBeenTried(piece)) {
            counters.firstDelivery(System.nanoTime() - Piece.sentNs(delivery));
        }
    }
}
