package io.millrace.model;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedriveAllow;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.raw.Disposition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Makes up commands, one after the other, with a liking for what is rare: chunks of 64 that just fill or empty, deadlines a
 * millisecond off, limits just reached, receive counts and backlogs where the engine's words wrap and its directory grows.
 * Confined to one thread; the same seed makes the same history.
 */
final class HistoryGenerator {
    private static final int CHUNK = 64;

    /** Slots under one directory page. */
    private static final int PAGE = 512 * CHUNK;

    /** Receive counts after which the part of them in the control word begins again. */
    private static final int FLIGHTS = 1_024;

    private static final int REMEMBERED = 200;
    private static final List<String> NAMES = List.of("a", "b", "dead", "dead2");
    private static final Duration DAY = Duration.ofDays(1);

    /** A message that was received, and how it may be named. */
    private record Held(Ref ref, boolean raw) {}

    private final SplittableRandom random;
    private final QueueModel model;
    private final Deque<Command> planned = new ArrayDeque<>();
    private final List<Held> held = new ArrayList<>();
    private final List<Integer> openClaims = new ArrayList<>();
    private int left;
    private int payloads;
    private int claims;
    private final boolean restarts;

    /**
     * @param length how many commands are made up one by one; those of a shape count as one
     * @param restarts whether the engine is to end and be opened again now and then
     */
    HistoryGenerator(long seed, int length, QueueModel model, boolean restarts) {
        this.restarts = restarts;
        this.left = length;
        this.random = new SplittableRandom(seed);
        this.model = model;
        planned.add(new Command.Create("dead2", QueueConfig.defaults()));
        planned.add(new Command.Create("dead", chance(4) ? withDeadLetters("dead2") : QueueConfig.defaults()));
        planned.add(new Command.Create("a", chance(4) ? QueueConfig.defaults() : withDeadLetters("dead")));
        planned.add(new Command.Create("b", chance(2) ? QueueConfig.defaults() : withDeadLetters("dead")));
        if (chance(150)) {
            planPage();
        }
    }

    private QueueConfig withDeadLetters(String queue) {
        return QueueConfig.defaults().withRedrive(new RedrivePolicy(queue, oneOf(1, 1, 2, 3)));
    }

    /** Remembers what the last command brought: messages in hand, or a claim. */
    void answered(Command command, Answer answer) {
        answer.refs().forEach(ref -> held.add(new Held(ref, command instanceof Command.Poll)));
        if (held.size() > REMEMBERED) {
            held.subList(0, held.size() - REMEMBERED).clear();
        }
        if (command instanceof Command.Restart) {
            openClaims.clear();
        }
        if (command instanceof Command.Open open && (Long) answer.body() >= 0) {
            openClaims.add(open.claim());
        }
    }

    boolean hasNext() {
        return left > 0 || !planned.isEmpty();
    }

    Command next() {
        if (!planned.isEmpty()) {
            return planned.remove();
        }
        left--;
        return madeUp();
    }

    /** Whether the next command belongs to the same shape as the one before. */
    boolean isWithinShape() {
        return !planned.isEmpty();
    }

    private Command madeUp() {
        if (restarts && chance(12)) {
            return new Command.Restart();
        }
        return switch (random.nextInt(50)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> send();
            case 8, 9, 10, 11, 12, 13, 14, 15, 16 -> receive();
            case 17, 18, 19, 20, 21 -> poll();
            case 22, 23, 24, 25, 26 -> ack();
            case 27, 28, 29, 30 -> hide();
            case 31, 32 -> deadLetter();
            case 33, 34, 35, 36, 37, 38, 39 -> pass();
            case 40, 41 -> claim();
            case 42 -> chance(3) ? new Command.Purge(queue()) : send();
            case 43, 44, 45 -> update();
            case 46 -> chance(2) ? deleteOrCreate() : receive();
            case 47, 48 -> redrive();
            default -> shape();
        };
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private int oneOf(int... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }

    private String queue() {
        return oneOf(model.names());
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    private Draft draft(boolean withAttributes) {
        String token = "p" + payloads++;
        String payload = chance(4) ? token + "x".repeat(random.nextInt(chance(20) ? 5_000 : 100)) : token;
        Attributes attributes =
                withAttributes && chance(3) ? Attributes.of("n", Attribute.number(payloads)) : Attributes.empty();
        return new Draft(
                payload, attributes, chance(3) ? Optional.of(ms(oneOf(0, 1, 2, 10, 1_000))) : Optional.empty());
    }

    private Command send() {
        return send(queue(), oneOf(1, 1, 1, 2, 3, 10, 63, 64, 65));
    }

    private Command send(String queue, int count) {
        boolean raw = random.nextBoolean();
        return new Command.Send(
                queue, IntStream.range(0, count).mapToObj(i -> draft(!raw)).toList(), raw);
    }

    private Command claim() {
        if (!openClaims.isEmpty() && random.nextInt(3) > 0) {
            Integer claim = openClaims.remove(random.nextInt(openClaims.size()));
            return chance(3) ? new Command.Abort(claim) : new Command.Commit(claim);
        }
        return new Command.Open(claims++, queue(), draft(true));
    }

    private Command receive() {
        Optional<Duration> visibilityTimeout =
                chance(3) ? Optional.of(ms(oneOf(0, 0, 1, 2, 5, 1_000, 50_000))) : Optional.empty();
        return new Command.Receive(queue(), oneOf(1, 1, 2, 3, 10, 63, 64, 65, 1_000), visibilityTimeout);
    }

    private Command poll() {
        List<Disposition> dispositions = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Disposition any = oneOf(List.of(Disposition.values()));
            dispositions.add(any == Disposition.STOP && chance(2) ? Disposition.HOLD : any);
        }
        String queue = queue();
        if (model.config(queue).visibilityTimeout().isZero()) {
            return receive(); // whether the handler still sees such a message is not said
        }
        return new Command.Poll(queue, oneOf(1, 2, 3, 10, 64, 65, 2_000), dispositions);
    }

    // ---- messages that were received ------------------------------------------------------------------------------

    /** Some way in which the message may be named; the name of a queue that does not exist cannot be asked. */
    private Via via(Held message) {
        if (message.raw()) {
            return Via.NUMBER;
        }
        return model.names().contains(message.ref().queue()) && random.nextBoolean() ? Via.RECEIPT : Via.DELIVERY;
    }

    /** A message that was received; mostly one of the latest, and of a raw tier only while its queue exists. */
    private Optional<Held> anyHeld() {
        if (held.isEmpty()) {
            return Optional.empty();
        }
        int from = chance(4) ? 0 : Math.max(0, held.size() - 10);
        Held any = held.get(from + random.nextInt(held.size() - from));
        return any.raw() && !model.isAlive(any.ref()) ? Optional.empty() : Optional.of(any);
    }

    private Command ack() {
        Optional<Held> any = anyHeld();
        if (any.isEmpty()) {
            return send();
        }
        Via via = via(any.get());
        if (chance(3)) {
            Ref first = any.get().ref();
            List<Ref> together = held.stream()
                    .filter(h -> h.raw() == any.get().raw())
                    .map(Held::ref)
                    .filter(ref -> ref.queue().equals(first.queue()) && ref.incarnation() == first.incarnation())
                    .skip(random.nextInt(3))
                    .toList();
            return together.isEmpty() ? pass() : new Command.Ack(together, via);
        }
        return new Command.Ack(List.of(any.get().ref()), via);
    }

    private Command hide() {
        Optional<Held> any = anyHeld();
        if (any.isEmpty()) {
            return receive();
        }
        Ref ref = any.get().ref();
        return new Command.Hide(ref, howLong(ref), random.nextBoolean(), via(any.get()));
    }

    private Duration howLong(Ref ref) {
        if (chance(2) || !model.isAlive(ref)) {
            return ms(oneOf(0, 0, 1, 2, 5, 10, 1_000));
        }
        Duration left = model.config(ref.queue())
                .visibilityCap()
                .minus(model.flown(ref))
                .plusMillis(oneOf(-1, 0, 1));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Command deadLetter() {
        Optional<Held> any = anyHeld();
        if (any.isEmpty() || any.get().raw()) {
            return receive();
        }
        return new Command.DeadLetter(any.get().ref(), "reason " + random.nextInt(10), via(any.get()));
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    private Command pass() {
        if (model.isRedriving()) {
            return new Command.Pass(ms(oneOf(0, 1, 99, 100, 101, 250, 1_000))); // it may try again every 100 ms
        }
        OptionalLong next = model.msToNextDeadline();
        if (next.isPresent() && random.nextInt(4) > 0) {
            long ms = Math.max(0, next.getAsLong() + oneOf(-1, 0, 0, 1));
            return new Command.Pass(ms(ms));
        }
        return new Command.Pass(
                chance(30) ? DAY.multipliedBy(oneOf(1, 4, 300)) : ms(oneOf(0, 1, 2, 5, 20, 100, 1_000)));
    }

    // ---- queues ---------------------------------------------------------------------------------------------------

    private Command update() {
        String queue = queue();
        return new Command.Update(queue, changed(model.config(queue)));
    }

    private QueueConfig changed(QueueConfig config) {
        return switch (random.nextInt(9)) {
            case 0, 1 -> withVisibility(config);
            case 2 -> config.withDelay(ms(oneOf(0, 0, 1, 5)));
            case 3 -> config.withRetention(chance(2) ? DAY.multipliedBy(4) : ms(oneOf(50, 200, 3_000)));
            case 4 ->
                config.withMaxBacklog(
                        LongStream.of(2, 3, 10, 70, Long.MAX_VALUE).toArray()[random.nextInt(5)]);
            case 5 ->
                config.withMaxInFlight(
                        LongStream.of(1, 2, 5, 64, Long.MAX_VALUE).toArray()[random.nextInt(5)]);
            case 6 -> config.withMaxMessageBytes(oneOf(4, 64, 1 << 20, 1 << 20));
            case 7 ->
                config.withRedriveAllow(oneOf(List.of(
                        RedriveAllow.all(),
                        RedriveAllow.all(),
                        RedriveAllow.none(),
                        RedriveAllow.only(Set.of("a", "dead")))));
            default ->
                chance(4)
                        ? config.withoutRedrive()
                        : config.withRedrive(new RedrivePolicy(oneOf(NAMES.subList(1, 4)), oneOf(1, 1, 2, 3)));
        };
    }

    private QueueConfig withVisibility(QueueConfig config) {
        Duration cap = chance(2) ? Duration.ofHours(12) : ms(oneOf(5, 20, 1_000));
        Duration timeout = ms(oneOf(0, 1, 2, 5, 20, 1_000));
        return config.withVisibilityTimeout(Duration.ZERO)
                .withVisibilityCap(cap)
                .withVisibilityTimeout(timeout.compareTo(cap) > 0 ? cap : timeout);
    }

    private Command deleteOrCreate() {
        Optional<String> deleted =
                NAMES.stream().filter(name -> !model.names().contains(name)).findFirst();
        if (deleted.isPresent()) {
            return new Command.Create(deleted.get(), changed(QueueConfig.defaults()));
        }
        String name = oneOf(NAMES);
        return chance(5) ? new Command.Create(name, changed(QueueConfig.defaults())) : new Command.Delete(name);
    }

    private Command redrive() {
        if (model.isRedriving()) {
            return pass();
        }
        return new Command.Redrive(
                chance(3) ? queue() : deadLetters(), chance(2) ? Optional.of(oneOf(NAMES)) : Optional.empty());
    }

    private String deadLetters() {
        return model.names().contains("dead") ? "dead" : queue();
    }

    // ---- shapes ---------------------------------------------------------------------------------------------------

    private Command shape() {
        if (chance(15)) {
            planFlights();
        } else {
            planChunk();
        }
        return planned.remove();
    }

    /** Fills the chunk at the end of a queue up to its border, or one message off. */
    private void planChunk() {
        String queue = queue();
        int toBorder = CHUNK - (int) (model.nextSequence(queue) % CHUNK);
        planned.add(send(queue, Math.max(1, toBorder + oneOf(-1, 0, 0, 1))));
        planned.add(new Command.Receive(queue, toBorder, Optional.empty()));
    }

    /** Receives one message so often that its count in the control word begins again, once or twice. */
    private void planFlights() {
        String queue = queue();
        planned.add(new Command.Update(
                queue,
                model.config(queue)
                        .withoutRedrive()
                        .withRetention(DAY.multipliedBy(4))
                        .withMaxInFlight(Long.MAX_VALUE)));
        int times = FLIGHTS * oneOf(1, 1, 2) + oneOf(-2, -1, 0, 1, 5);
        for (int i = 0; i < times; i++) {
            planned.add(new Command.Receive(queue, 1, Optional.of(Duration.ZERO)));
        }
        planned.add(new Command.Receive(queue, 2, Optional.empty()));
    }

    /** Brings a queue near the end of its first directory page, with a few messages left here and there. */
    private void planPage() {
        int left = PAGE - oneOf(1, 10, 64, 100);
        while (left > 0) {
            int count = Math.min(left, 4_000);
            planned.add(send("a", count));
            left -= count;
        }
        for (int i = 0; i < 34; i++) {
            planned.add(new Command.Poll("a", 1_000, List.of(Disposition.ACK)));
            if (chance(10)) {
                planned.add(new Command.Poll("a", oneOf(1, 3, 64), List.of(Disposition.HOLD, Disposition.RETRY)));
            }
        }
    }
}
