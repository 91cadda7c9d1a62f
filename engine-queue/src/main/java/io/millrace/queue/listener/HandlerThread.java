package io.millrace.queue.listener;

import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.queue.ConsumerConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageHandler;
import io.millrace.api.queue.QueueConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs the handler on one batch after the other, and ends what the handler leaves open. Lives until the flow is closed. */
final class HandlerThread extends Thread {
    private final BatchFlow flow;
    private final String queue;
    private final ConsumerConfig config;
    private final MessageHandler handler;

    HandlerThread(BatchFlow flow, ConsumerConfig config, MessageHandler handler, String number) {
        super("millrace-consumer-" + flow.source().name() + "-" + number);
        setDaemon(true);
        this.flow = flow;
        this.queue = flow.source().name();
        this.config = config;
        this.handler = handler;
    }

    @Override
    public void run() {
        for (CollectedBatch batch = flow.take(); batch != null; batch = flow.take()) {
            try {
                handle(batch);
            } catch (EngineClosedException | EngineFailedException e) {
                flow.close(); // while the batch was to be handed over
            } catch (RuntimeException | Error e) {
                ListenerLog.LOGGER.error("listener could not end a batch; its messages come back: queue={}", queue, e);
            }
        }
    }

    private void handle(CollectedBatch collected) {
        int handed = 0;
        int acked = 0;
        try {
            final HandedBatch batch = new HandedBatch(queue, beginFlights(collected.deliveries()));
            handed = batch.size();
            final boolean returned = handed > 0 && callHandler(batch);
            if (flow.handlers().leaveHandler()) {
                acked = endOpen(batch, returned, collected.receivedMs());
            }
        } finally {
            flow.done(collected, acked, handed - acked);
        }
    }

    /** Those of the messages that did not come back while the batch was collected, hidden for a whole timeout from now. */
    private List<Delivery> beginFlights(List<Delivery> deliveries) {
        if (config.batchWindow().isZero()) {
            return deliveries; // received a moment ago
        }
        final Duration timeout = flow.source().config().visibilityTimeout();
        return deliveries.stream()
                .filter(delivery -> beginFlight(delivery, timeout))
                .toList();
    }

    private static boolean beginFlight(Delivery delivery, Duration timeout) {
        try {
            return delivery.extend(timeout);
        } catch (IllegalArgumentException beyondCap) {
            return true; // hidden for as long as the cap allows
        }
    }

    /** Whether the handler returned rather than threw. */
    private boolean callHandler(HandedBatch batch) {
        try {
            handler.onBatch(batch);
            return true;
        } catch (Exception e) {
            if (!((e instanceof EngineClosedException || e instanceof EngineFailedException) && flow.isClosed())) {
                ListenerLog.LOGGER.warn("handler failed: queue={} messages={}", queue, batch.size(), e);
            }
        } catch (Error e) {
            ListenerLog.LOGGER.error("handler failed: queue={} messages={}", queue, batch.size(), e);
        } finally {
            batch.handlerReturned();
        }
        return false;
    }

    /** Ends what the handler has not ended; returns how many messages one of the two has acknowledged. */
    private int endOpen(HandedBatch batch, boolean returned, long receivedMs) {
        int acked = 0;
        final List<Delivery> succeeded = new ArrayList<>();
        try {
            for (HandedDelivery delivery : batch.deliveries()) {
                final HandedDelivery.Fate fate = delivery.fate();
                if (fate == HandedDelivery.Fate.ACKED) {
                    acked++;
                } else if (fate == HandedDelivery.Fate.OPEN && returned) {
                    succeeded.add(delivery.received());
                } else if (fate != HandedDelivery.Fate.GIVEN_BACK) {
                    backOff(delivery, receivedMs);
                }
            }
            flow.source().ackAll(succeeded); // some may have ended by their receipts, or their retention
            acked += succeeded.size();
        } catch (EngineClosedException | EngineFailedException e) {
            flow.close(); // the rest is gone with the queue
        }
        return acked;
    }

    /** Without a back-off the visibility timeout goes on. */
    private void backOff(Delivery delivery, long receivedMs) {
        if (config.backoff().isEmpty()) {
            return;
        }
        final QueueConfig limits = flow.source().config();
        final long flightMs = flow.time().nowMs() - receivedMs;
        final Duration left = limits.visibilityCap().minusMillis(flightMs);
        final Duration delay = config.backoff().get().delayAfter(delivery.receiveCount());
        try {
            delivery.retryAfter(delay.compareTo(left) <= 0 ? delay : left);
        } catch (IllegalArgumentException beyondCap) {
            // The flight began a moment before receivedMs, and nothing of its cap is left: it ends by its timeout.
        }
    }
}
