package io.millrace.queue.listener;

import io.millrace.core.time.SteppedClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A clock that stands still until a test moves it from one due instant to the next. Moved by one thread. */
final class StepClock implements SteppedClock {
    private static final long NS_PER_MS = 1_000_000L;

    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private volatile long elapsedMs;

    @Override
    public long wallMs() {
        return elapsedMs;
    }

    @Override
    public long monotonicNs() {
        return elapsedMs * NS_PER_MS;
    }

    Duration elapsed() {
        return Duration.ofMillis(elapsedMs);
    }

    void advance(Duration duration) {
        final long targetMs = elapsedMs + duration.toMillis();
        for (long nextMs = nextMs(); nextMs <= targetMs; nextMs = nextMs()) {
            elapsedMs = nextMs;
            followers.forEach(Follower::runDue);
        }
        elapsedMs = targetMs;
    }

    private long nextMs() {
        return followers.stream()
                .mapToLong(Follower::nextDueMs)
                .map(dueMs -> Math.max(dueMs, elapsedMs))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public void follow(Follower follower) {
        followers.add(follower);
    }

    @Override
    public void unfollow(Follower follower) {
        followers.remove(follower);
    }
}
