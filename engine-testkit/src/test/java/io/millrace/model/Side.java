package io.millrace.model;

import io.millrace.api.queue.QueueConfig;
import io.millrace.api.raw.Disposition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One of the two that must answer alike: the oracle, or the engine. Confined to one thread. */
interface Side {
    Answer create(String queue, QueueConfig config);

    Answer delete(String queue);

    Answer update(String queue, QueueConfig config);

    /** Sends messages: as a batch of the heap tier, or by offers of the raw tier, which takes no attributes. */
    Answer send(String queue, List<Draft> drafts, boolean raw);

    /** Claims room for a message in the raw tier and writes it, under a number by which it is committed or aborted later. */
    Answer open(int claim, String queue, Draft draft);

    Answer commit(int claim);

    Answer abort(int claim);

    Answer receive(String queue, int max, Optional<Duration> visibilityTimeout);

    /** Polls in the raw tier; the n-th message is answered with the n-th disposition, beginning again after the last. */
    Answer poll(String queue, int limit, List<Disposition> dispositions);

    Answer ack(List<Ref> messages, Via via);

    /** Extends the flight of a message or, which is the same, gives it back after a delay. */
    Answer hide(Ref message, Duration howLong, boolean givingBack, Via via);

    Answer deadLetter(Ref message, String reason, Via via);

    Answer purge(String queue);

    Answer peek(String queue, int max);

    Answer stats(String queue);

    Answer redrive(String queue, Optional<String> destination);

    /** The engine ends without warning and is opened again. */
    Answer restart();

    /** What has become of the queue's latest redrive task. */
    Answer redriveStatus(String queue);
}
