package io.millrace.queue.state;

import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;

/**
 * A redrive task as it is kept. Immutable.
 *
 * @param id what it is called
 * @param request what was asked for
 * @param toMove visible messages when it started
 * @param endSequence the sequence behind the last that it may move
 * @param startedAtMs wall clock when it started
 * @param moved messages moved so far, at most a slice behind
 * @param status how it stands
 * @param failure why it failed, or empty
 */
public record TaskState(
        String id,
        RedriveRequest request,
        long toMove,
        long endSequence,
        long startedAtMs,
        long moved,
        RedriveStatus status,
        String failure) {}
