package io.millrace.stress.kill;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.RedriveRequest;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** The thread that changes queues, makes and deletes some, purges and redrives. Confined to that thread. */
final class Administrator implements Shift.Hand {
    private static final String WHO = "admin";
    private static final int LONGEST_PAUSE_NS = 3_000_000;
    private static final int CONFIGS = 1_000;
    private static final int KEYS = 4;

    private final Diary diary;
    private final int run;
    private final int thread;
    private final SplittableRandom random;
    private int count;

    Administrator(Diary diary, int run, int thread, SplittableRandom random) {
        this.diary = diary;
        this.run = run;
        this.thread = thread;
        this.random = random;
    }

    @Override
    public String toString() {
        return WHO;
    }

    @Override
    public void rest() {}

    private static <T> T one(List<T> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }

    @Override
    public void step(Engine engine) {
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NS));
        final MessageQueue lasting = engine.queue(one(Plan.LASTING, random));
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> config(lasting);
            case 3, 4 -> tag(lasting);
            case 5 -> untag(lasting);
            case 6, 7 -> redrive(engine.queue(Plan.DEAD));
            case 8 -> {
                if (random.nextInt(12) == 0) {
                    purge(lasting);
                }
            }
            default -> passing(engine, one(Plan.PASSING, random));
        }
    }

    private void config(MessageQueue queue) {
        final int config = random.nextInt(CONFIGS);
        diary.say(WHO, "config " + queue.name() + " " + config);
        queue.admin().update(before -> Plan.config(queue.name(), config));
        diary.say(WHO, "=");
    }

    private String key() {
        return "key-" + random.nextInt(KEYS);
    }

    private void tag(MessageQueue queue) {
        final String key = key();
        final String value = Integer.toString(random.nextInt(CONFIGS));
        diary.say(WHO, "tag " + queue.name() + " " + key + "=" + value);
        queue.admin().tag(Map.of(key, value));
        diary.say(WHO, "=");
    }

    private void untag(MessageQueue queue) {
        final String key = key();
        diary.say(WHO, "untag " + queue.name() + " " + key);
        queue.admin().untag(List.of(key));
        diary.say(WHO, "=");
    }

    private void redrive(MessageQueue queue) {
        diary.say(WHO, "redrive " + queue.name());
        final RedriveRequest all = RedriveRequest.toSources();
        String answer;
        try {
            answer = queue.admin()
                    .redrive(random.nextBoolean() ? all : all.withRate(2_000))
                    .id();
        } catch (IllegalStateException e) {
            answer = "!"; // another one is at work
        }
        diary.say(WHO, "= " + answer);
    }

    private void purge(MessageQueue queue) {
        diary.say(WHO, "purge " + queue.name());
        diary.say(WHO, "= " + queue.admin().purge());
    }

    private void passing(Engine engine, String name) {
        if (!engine.catalog().exists(name)) {
            final int config = random.nextInt(CONFIGS);
            diary.say(WHO, "create " + name + " " + config);
            engine.queue(name, Plan.config(name, config));
            diary.say(WHO, "=");
            return;
        }
        switch (random.nextInt(10)) {
            case 0 -> {
                diary.say(WHO, "delete " + name);
                engine.catalog().delete(name);
                diary.say(WHO, "=");
            }
            case 1 -> tag(engine.queue(name));
            case 2, 3 -> receive(engine.queue(name));
            default -> send(engine.queue(name));
        }
    }

    private void send(MessageQueue queue) {
        final long number = Content.number(run, thread, count++, 0);
        diary.say(WHO, "send " + queue.name() + " " + number + ":0");
        diary.say(WHO, "= " + Told.answer(queue.trySend(Content.message(number))));
    }

    private void receive(MessageQueue queue) {
        diary.say(WHO, "receive " + queue.name() + " " + Plan.HIDDEN_MS);
        final List<Delivery> deliveries = queue.receive(3);
        final List<Told> told = Told.of(diary, WHO, deliveries);
        if (told.isEmpty()) {
            diary.say(WHO, "=");
            return;
        }
        diary.say(WHO, Told.got(told), "=", "ack " + queue.name() + " " + Told.named(told));
        diary.say(
                WHO,
                "= " + Told.joined(queue.ackAll(told.stream().map(Told::receipt).toList())));
    }
}
