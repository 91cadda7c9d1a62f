package io.millrace.bench.demo;

import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageBatch;
import io.millrace.api.queue.MessageHandler;
import java.time.Duration;

/**
 * What a consumer of the demo does: fails where the plan says so, and else acknowledges a piece and puts it into its
 * file. Thread-safe.
 *
 * <p>A queue delivers at least once, but exactly one acknowledgement of a message succeeds; so a piece is put into its
 * file only after that, and a place that is taken by then proves that the message was there twice.
 */
final class LineHandler implements MessageHandler {
    private static final Duration GIVE_BACK_DELAY = Duration.ofMillis(20);

    private final FailurePlan plan;
    private final RebuiltFiles files;
    private final DemoCounters counters;
    private final Problems problems;

    LineHandler(FailurePlan plan, RebuiltFiles files, DemoCounters counters, Problems problems) {
        this.plan = plan;
        this.files = files;
        this.counters = counters;
        this.problems = problems;
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
            case ACCEPT -> accept(piece, delivery);
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

    private void accept(Piece piece, Delivery delivery) {
        if (!delivery.ack()) {
            counters.late();
            return;
        }
        counters.accept(piece);
        if (!files.put(piece)) {
            problems.add("a message was there twice: " + piece);
        }
    }
}
