package io.millrace.stress.kill;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.MessageState;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.RedriveTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Looks at everything in an engine that nobody uses, and tells the ledger. Confined to one thread; used once. */
final class Inventory {
    static final int MOST_QUEUES = 1_000;

    private static final int MOST_MESSAGES = 1_000_000;
    private static final int PER_LINE = 40;
    private static final long LONGEST_REDRIVE_MS = 2_000;
    private static final long PAUSE_NS = 1_000_000;

    private final Diary diary;
    private final String who;
    private final Engine engine;

    Inventory(Diary diary, String who, Engine engine) {
        this.diary = diary;
        this.who = who;
        this.engine = engine;
    }

    void take() {
        final List<String> names = engine.catalog().list("", MOST_QUEUES).items();
        names.forEach(name -> awaitRedrives(engine.queue(name)));
        diary.say(who, "stock");
        names.forEach(name -> take(engine.queue(name)));
        diary.say(who, "=");
    }

    private void awaitRedrives(MessageQueue queue) {
        final long untilMs = diary.nowMs() + LONGEST_REDRIVE_MS;
        for (RedriveTask task : queue.admin().redriveTasks()) {
            while (!task.status().isFinished()) {
                if (diary.nowMs() > untilMs) {
                    task.cancel();
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    private void take(MessageQueue queue) {
        final Map<String, String> tags = new TreeMap<>(queue.admin().tags());
        final List<String> pairs = new ArrayList<>();
        tags.forEach((key, value) -> pairs.add(key + "=" + value));
        final List<String> lines = new ArrayList<>();
        lines.add("queue " + queue.name() + " "
                + Plan.number(queue.name(), queue.admin().config()) + " "
                + (pairs.isEmpty() ? "-" : Told.joined(pairs)) + " " + counts(queue));
        final List<String> items = new ArrayList<>();
        for (PeekedMessage message : queue.admin().peek(MOST_MESSAGES)) {
            final OptionalLong number = Content.numberOf(message.bytes(), message.attributes());
            if (number.isEmpty()) {
                lines.add("broken " + queue.name() + " " + message);
                continue;
            }
            items.add(number.getAsLong() + ":" + message.id() + ":" + letter(message.state()) + ":"
                    + message.receiveCount());
            if (items.size() == PER_LINE) {
                lines.add("m " + Told.joined(items));
                items.clear();
            }
        }
        if (!items.isEmpty()) {
            lines.add("m " + Told.joined(items));
        }
        lines.add("counted " + counts(queue));
        diary.say(who, lines.toArray(new String[0]));
    }

    private static String counts(MessageQueue queue) {
        final QueueStats stats = queue.admin().stats();
        return stats.visible() + "/" + stats.inFlight() + "/" + stats.delayed();
    }

    private static char letter(MessageState state) {
        return switch (state) {
            case VISIBLE -> 'V';
            case IN_FLIGHT -> 'F';
            case DELAYED -> 'D';
        };
    }
}
