package io.millrace.bench.compare;

import io.millrace.api.Durability;
import io.millrace.bench.run.Crew;
import io.millrace.bench.run.Persistence;
import io.millrace.bench.run.QueueLoad;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who is compared with whom, and at what. Immutable.
 *
 * @param payloadBytes bytes of each message
 * @param messages of each round where nothing is forced
 * @param forcedMessages of each round of somebody who forces each message by himself
 * @param window messages that each may hold
 * @param crew the threads, if they are not those that belong to the level
 * @param data directory for those who need one
 * @param wanted who takes part
 */
public record Heats(
        int payloadBytes,
        long messages,
        long forcedMessages,
        long window,
        Optional<Crew> crew,
        Path data,
        Predicate<Contestant> wanted) {
    private static final int BATCH = 64;
    private static final int MANY_SENDERS = 64;
    private static final int SEND_BATCH = 100;

    /** How many times as many messages as of one that is forced by itself make a round of about the same length. */
    private static final int SHARED_FORCE_FACTOR = 10;

    /** The heats of a level; one in which nobody takes part is left out. */
    public List<Heat> at(Durability level) {
        List<Heat> heats = new ArrayList<>();
        switch (level) {
            case MEMORY -> memory(heats);
            case PROCESS_CRASH -> processCrash(heats);
            case POWER_LOSS -> powerLoss(heats);
            default -> throw new IllegalArgumentException("no heats at that level: level=" + level);
        }
        return heats.stream().filter(heat -> !heat.entrants().isEmpty()).toList();
    }

    // ---- memory

    private void memory(List<Heat> heats) {
        for (Crew each : crew.map(List::of).orElse(List.of(Crew.cycle(), Crew.of(1, 1, BATCH)))) {
            heats.add(new Heat("memory, " + each, Durability.MEMORY, able(Durability.MEMORY, each)));
        }
    }

    private List<Entrant> able(Durability level, Crew threads) {
        return Arrays.stream(Contestant.values())
                .filter(wanted)
                .filter(one -> one.takesPartAt(level))
                .filter(one -> threads.consumers() <= 1 || one.hasManyConsumers())
                .filter(one -> level == Durability.MEMORY || one != Contestant.MILLRACE_HEAP)
                .map(one -> entrant(one, level, threads, messages))
                .toList();
    }

    /** On fresh pages a round is one burst, since a second would find pages that the first has left. */
    private Entrant entrant(Contestant contestant, Durability level, Crew threads, long count) {
        long room = contestant.isFresh() ? Math.max(window, count) : window;
        return new Entrant(
                contestant, new QueueLoad(payloadBytes, threads, count, 0, room), Persistence.at(level, data));
    }

    // ---- process crash

    private void processCrash(List<Heat> heats) {
        List<Crew> crews =
                crew.map(List::of).orElse(List.of(Crew.of(1, 1, BATCH), Crew.of(1, 0, BATCH), Crew.of(2, 0, BATCH)));
        for (Crew each : crews) {
            heats.add(new Heat(
                    "process crash, " + each + ": " + describe(each),
                    Durability.PROCESS_CRASH,
                    able(Durability.PROCESS_CRASH, each)));
        }
    }

    private static String describe(Crew threads) {
        if (threads.consumers() == 0) {
            return "send, beside append";
        }
        return threads.producers() == 0
                ? "receive and ack, beside tail"
                : "send, receive and ack, beside append and tail";
    }

    // ---- power loss

    private void powerLoss(List<Heat> heats) {
        if (crew.isPresent()) {
            heats.add(new Heat("power loss, " + crew.get(), Durability.POWER_LOSS, forced(List.of(crew.get()))));
            return;
        }
        List<Entrant> senders = new ArrayList<>(forced(List.of(Crew.of(MANY_SENDERS, 0, BATCH), Crew.of(1, 0, BATCH))));
        add(senders, Contestant.MILLRACE_HEAP, Crew.of(1, 0, BATCH).withSendBatch(SEND_BATCH));
        heats.add(new Heat("power loss: send, beside one force for each message", Durability.POWER_LOSS, senders));
        heats.add(new Heat("power loss: receive and ack, by " + BATCH, Durability.POWER_LOSS, receivers()));
    }

    private List<Entrant> forced(List<Crew> crews) {
        List<Entrant> entrants = new ArrayList<>();
        for (Crew each : crews) {
            add(entrants, Contestant.MILLRACE_RAW, each);
            if (each.producers() > 0) {
                add(entrants, Contestant.WRITE_AND_FORCE, each);
            }
        }
        return entrants;
    }

    private void add(List<Entrant> entrants, Contestant contestant, Crew threads) {
        if (wanted.test(contestant)) {
            boolean shares = contestant.isMillrace() && (threads.producers() > 1 || threads.sendBatch() > 1);
            long count = shares ? forcedMessages * SHARED_FORCE_FACTOR : forcedMessages;
            entrants.add(new Entrant(
                    contestant,
                    new QueueLoad(payloadBytes, threads, count, 0, Math.max(window, count)),
                    Persistence.at(Durability.POWER_LOSS, data)));
        }
    }

    private List<Entrant> receivers() {
        if (!wanted.test(Contestant.MILLRACE_RAW)) {
            return List.of();
        }
        QueueLoad load = new QueueLoad(
                payloadBytes,
                Crew.of(0, 1, BATCH),
                forcedMessages * SHARED_FORCE_FACTOR,
                0,
                forcedMessages * SHARED_FORCE_FACTOR);
        return List.of(
                new Entrant(Contestant.MILLRACE_RAW, load, Persistence.at(Durability.POWER_LOSS, data)),
                new Entrant(
                        Contestant.MILLRACE_RAW,
                        load,
                        new Persistence(Durability.POWER_LOSS, Durability.PROCESS_CRASH, data)));
    }
}
