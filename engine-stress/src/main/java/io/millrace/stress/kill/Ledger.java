package io.millrace.stress.kill;

import io.millrace.stress.kill.Tracked.Sending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history of one directory and says where it contradicts what was promised. Confined to one thread.
 *
 * <p>A line is {@code who wallMs word...}. A thread says what it begins, and then {@code =} with the answers:
 *
 * <pre>
 *  open keep|release, close          create QUEUE CONFIG, delete QUEUE, config QUEUE CONFIG
 *  tag QUEUE KEY=VALUE,...           untag QUEUE KEY,...
 *  send QUEUE NUMBER:DELAY_MS,...    = ID|#PLACE|!REASON,...
 *  receive|poll QUEUE HIDDEN_MS      got NUMBER:ID:COUNT:PLACE,...  will ack|retry|dead-letter NUMBER:ID  =
 *  ack QUEUE NUMBER:ID,...           = true|false,...
 *  hide QUEUE MS NUMBER:ID,...       = true|false,...
 *  dead-letter QUEUE NUMBER:ID       = true|false|!REASON
 *  purge QUEUE, redrive QUEUE        = anything, or !REASON
 *  stock                             queue NAME CONFIG TAGS VISIBLE/IN_FLIGHT/DELAYED
 *                                    m NUMBER:ID:V|F|D:COUNT,...  counted VISIBLE/IN_FLIGHT/DELAYED  =
 *  broken TEXT, failed TEXT          always a contradiction
 * </pre>
 *
 * <p>A poll is a receive that may give back what it took, and whatever anybody did to that flight meanwhile.
 *
 * <p>The stock is taken while nothing else goes on, after every opening before anything else. What a kill has cut off may
 * have happened or not until then; the stock decides it for ever.
 */
final class Ledger {
    private static final String NOTHING = "-";

    private final Findings findings = new Findings();
    private final Map<Long, Tracked> all = new HashMap<>();
    private final Map<Long, Tracked> living = new LinkedHashMap<>();
    private final Map<String, TrackedQueue> queues = new TreeMap<>();
    private final Lookout lookout = new Lookout(findings, queues);
    private final Map<String, Begun> begun = new HashMap<>();
    private @Nullable Stocktaking stock;
    private boolean isReleased;
    private long[] counts = {};
    private long lines;
    private long deliveries;
    private long stocks;

    /** What a thread is doing. */
    private static final class Begun {
        final String verb;
        final String queue;
        final long line;
        final long atMs;
        final List<Tracked> messages = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        final List<Integer> changes = new ArrayList<>();
        final List<Tracked> changing = new ArrayList<>();
        long ms;
        long placeFloor;
        int config;
        Set<Map<String, String>> tags = Set.of();

        Begun(String verb, String queue, long line, long atMs) {
            this.verb = verb;
            this.queue = queue;
            this.line = line;
            this.atMs = atMs;
        }

        /** From now until the answer it may become visible at any time after {@code fromMs}. */
        void change(Tracked message, long fromMs) {
            message.mayBeVisibleFrom(fromMs);
            message.openChanges++;
            changing.add(message);
        }

        void closeChanges(long atLine) {
            for (Tracked message : changing) {
                message.openChanges--;
                message.changedLine = atLine;
            }
            changing.clear();
        }
    }

    /** What is wrong so far; nothing, if the history keeps all promises. */
    List<String> problems() {
        return findings.toList();
    }

    long lines() {
        return lines;
    }

    long messages() {
        return all.size();
    }

    long deliveries() {
        return deliveries;
    }

    /** How often everything was looked at. */
    long stocks() {
        return stocks;
    }

    /** The process has ended; whoever had not been answered will not be. */
    void ended() {
        for (Begun each : begun.values()) {
            each.closeChanges(lines);
            switch (each.verb) {
                case "receive" -> queue(each.queue).lostReceives++;
                case "poll" -> {
                    queue(each.queue).lostReceives++;
                    queue(each.queue).openPolls--;
                    queue(each.queue).polledLine = lines;
                }
                default -> {} // what it may have done was noted when it began
            }
        }
        begun.clear();
        stock = null;
    }

    /** Reads a line. */
    void line(String text) {
        findings.at(++lines);
        try {
            final String[] words = text.split(" ", -1);
            read(words[0], Long.parseLong(words[1]), words);
        } catch (RuntimeException e) {
            findings.add("cannot be read: " + text + " cause=" + e);
        }
    }

    private void read(String who, long atMs, String[] words) {
        switch (words[2]) {
            case "=" -> end(who, words.length > 3 ? words[3] : "");
            case "got" -> got(doing(who), atMs, words[3]);
            case "will" -> will(doing(who), words[3], words[4]);
            case "queue" -> stockQueue(words);
            case "m" -> stockMessages(atMs, words[3]);
            case "counted" -> stockCounted(words[3]);
            case "broken", "failed" -> findings.add(String.join(" ", words));
            case "note" -> {} // for people
            default -> begin(who, atMs, words);
        }
    }

    private Begun doing(String who) {
        return Optional.ofNullable(begun.get(who))
                .orElseThrow(() -> new IllegalStateException(who + " has not begun anything"));
    }

    private TrackedQueue queue(String name) {
        return queues.computeIfAbsent(name, TrackedQueue::new);
    }

    private Tracked message(String number) {
        return Optional.ofNullable(all.get(Long.parseLong(number)))
                .orElseThrow(() -> new IllegalStateException("a message that nobody has sent: message=" + number));
    }

    // ---- what is begun --------------------------------------------------------------------------------------------

    private void begin(String who, long atMs, String[] words) {
        final String name = words.length > 3 ? words[3] : "";
        final Begun op = new Begun(words[2], name, lines, atMs);
        if (begun.put(who, op) != null) {
            throw new IllegalStateException(who + " begins again without an answer");
        }
        switch (op.verb) {
            case "open" -> beginOpen(name);
            case "close" -> {}
            case "stock" -> stock = new Stocktaking(findings, lookout, isReleased);
            case "create" -> beginCreate(op, words[4]);
            case "delete" -> beginDelete(op);
            case "config" -> beginConfig(op, words[4]);
            case "tag", "untag" -> beginTags(op, words[4]);
            case "send" -> beginSend(op, words[4]);
            case "receive" -> op.ms = Long.parseLong(words[4]);
            case "poll" -> {
                op.ms = Long.parseLong(words[4]);
                queue(name).openPolls++;
            }
            case "ack" -> beginAck(op, words[4]);
            case "hide" -> beginHide(op, words[4], words[5]);
            case "dead-letter" -> beginDeadLetter(op, words[4]);
            case "purge" -> removeAll(op);
            case "redrive" -> queue(name).redriven = true;
            default -> throw new IllegalStateException("unknown word: " + op.verb);
        }
    }

    private void beginOpen(String inFlight) {
        isReleased = inFlight.equals("release");
        if (isReleased) {
            living.values().forEach(message -> message.mayBeVisibleFrom(0));
        }
    }

    private void beginCreate(Begun op, String config) {
        final TrackedQueue queue = queue(op.queue);
        if (!queue.mayExist) {
            queue.createdAnew();
            queue.configs.clear();
            queue.tags.clear();
            queue.tags.add(Map.of());
        }
        queue.mayExist = true;
        op.config = Integer.parseInt(config);
        queue.configs.add(op.config);
    }

    private void beginDelete(Begun op) {
        queue(op.queue).mayBeAbsent = true;
        removeAll(op);
    }

    /** Whatever may be in the queue now may be ended. */
    private void removeAll(Begun op) {
        for (Tracked message : living.values()) {
            if (mayBeIn(op.queue, message)) {
                message.removals++;
                if (message.where.equals(op.queue) && message.sendDoneLine < op.line) {
                    op.messages.add(message);
                    op.ids.add(message.id);
                }
            }
        }
    }

    private static boolean mayBeIn(String queue, Tracked message) {
        return message.home.equals(queue)
                || Plan.deadLetters(message.home).orElse("").equals(queue);
    }

    private void beginConfig(Begun op, String config) {
        op.config = Integer.parseInt(config);
        queue(op.queue).configs.add(op.config);
    }

    private void beginTags(Begun op, String text) {
        final TrackedQueue queue = queue(op.queue);
        final boolean isMore = op.verb.equals("tag");
        final Set<Map<String, String>> before = Set.copyOf(queue.tags);
        queue.tagged(isMore ? tags(text) : Map.of(), isMore ? Set.of() : Set.of(text.split(",", -1)));
        op.tags = Set.copyOf(
                queue.tags.stream().filter(each -> !before.contains(each)).toList());
    }

    private static Map<String, String> tags(String text) {
        final Map<String, String> tags = new TreeMap<>();
        if (!text.equals(NOTHING)) {
            for (String each : text.split(",", -1)) {
                final int at = each.indexOf('=');
                tags.put(each.substring(0, at), each.substring(at + 1));
            }
        }
        return tags;
    }

    private void beginSend(Begun op, String items) {
        op.placeFloor = queue(op.queue).highestPlace;
        for (String item : items.split(",", -1)) {
            final String[] parts = item.split(":", -1);
            final Tracked message =
                    new Tracked(Long.parseLong(parts[0]), op.queue, op.line, op.atMs, Long.parseLong(parts[1]));
            if (all.putIfAbsent(message.number, message) != null) {
                throw new IllegalStateException("sent twice by us: " + message);
            }
            living.put(message.number, message);
            op.messages.add(message);
            message.removals += removalsUnderWay(message);
        }
    }

    /** How many purges and deletions are under way, each of which may end the message although it began before it was sent. */
    private int removalsUnderWay(Tracked message) {
        return (int) begun.values().stream()
                .filter(op -> (op.verb.equals("purge") || op.verb.equals("delete")) && mayBeIn(op.queue, message))
                .count();
    }

    /** The messages that an operation names, and the ids under which it knows them. */
    private void named(Begun op, String items) {
        for (String item : items.split(",", -1)) {
            final String[] parts = item.split(":", -1);
            op.messages.add(message(parts[0]));
            op.ids.add(parts[1]);
        }
    }

    private void beginAck(Begun op, String items) {
        named(op, items);
        op.messages.forEach(message -> message.removals++);
    }

    private void beginHide(Begun op, String ms, String items) {
        op.ms = Long.parseLong(ms);
        named(op, items);
        for (Tracked message : op.messages) {
            op.change(message, op.atMs + op.ms);
            op.changes.add(message.changes);
        }
    }

    private void beginDeadLetter(Begun op, String item) {
        named(op, item);
        for (Tracked message : op.messages) {
            message.deadLetterAsked = true;
            op.change(message, 0);
        }
    }

    // ---- deliveries -----------------------------------------------------------------------------------------------

    private void got(Begun op, long atMs, String items) {
        for (String item : items.split(",", -1)) {
            final String[] parts = item.split(":", -1);
            final Tracked message = all.get(Long.parseLong(parts[0]));
            final Sighting sighting = new Sighting(
                    Long.parseLong(parts[0]),
                    parts[1],
                    op.queue,
                    Integer.parseInt(parts[2]),
                    true,
                    true,
                    true,
                    Long.parseLong(parts[3]),
                    op.line,
                    lines,
                    atMs);
            deliveries++;
            if (message == null) {
                findings.add("a message was delivered that nobody has sent: " + sighting);
                continue;
            }
            lookout.seen(message, sighting);
            if (sighting.id().equals(message.id)) {
                message.inFlight(sighting.count(), op.atMs + op.ms, op.line);
            }
        }
    }

    /** What a handler of the raw tier answers; it is done when the poll is over. */
    private void will(Begun op, String what, String item) {
        final String[] parts = item.split(":", -1);
        final Tracked message = message(parts[0]);
        switch (what) {
            case "ack" -> {
                message.removals++;
                op.messages.add(message);
            }
            case "retry" -> op.change(message, 0);
            case "dead-letter" -> {
                message.deadLetterAsked = true;
                op.change(message, 0);
            }
            default -> throw new IllegalStateException("unknown word: " + what);
        }
    }

    // ---- what is answered -----------------------------------------------------------------------------------------

    private void end(String who, String text) {
        final Begun op = doing(who);
        begun.remove(who);
        op.closeChanges(lines);
        final boolean isRefused = text.startsWith("!");
        final String[] answers = text.split(",", -1);
        switch (op.verb) {
            case "create" -> endCreate(queue(op.queue), op);
            case "delete" -> endDelete(queue(op.queue), op);
            case "config" -> endConfig(queue(op.queue), op);
            case "tag", "untag" -> endTags(queue(op.queue), op);
            case "send" -> endSend(op, answers);
            case "receive" -> {}
            case "poll" -> endPoll(op);
            case "ack" -> endAck(op, answers);
            case "hide" -> endHide(op, answers);
            case "dead-letter" -> endDeadLetter(op, answers[0]);
            case "purge" -> endRemoval(op, isRefused, "purged");
            case "stock" -> endStock();
            default -> {} // open, close and redrive say nothing that is not known
        }
    }

    private void removed(Tracked message, String how) {
        message.gone(lines, how);
        living.remove(message.number);
    }

    private static void endCreate(TrackedQueue queue, Begun op) {
        queue.mayBeAbsent = false;
        queue.configs.removeIf(config -> config != op.config);
    }

    private void endDelete(TrackedQueue queue, Begun op) {
        queue.mayExist = false;
        endRemoval(op, false, "deleted with its queue");
    }

    private void endConfig(TrackedQueue queue, Begun op) {
        queue.configs.clear();
        queue.configs.add(op.config);
    }

    private static void endTags(TrackedQueue queue, Begun op) {
        if (!op.tags.isEmpty()) {
            queue.tags.retainAll(op.tags);
        }
    }

    private void endSend(Begun op, String[] answers) {
        if (answers.length != op.messages.size()) {
            throw new IllegalStateException("another number of answers than of messages");
        }
        final TrackedQueue queue = queue(op.queue);
        for (int i = 0; i < answers.length; i++) {
            final Tracked message = op.messages.get(i);
            if (answers[i].startsWith("!")) {
                message.sending = Sending.REFUSED;
                living.remove(message.number);
                continue;
            }
            message.sending = Sending.ACCEPTED;
            message.sendDoneLine = lines;
            if (answers[i].startsWith("#")) {
                sentTo(queue, message, Long.parseLong(answers[i].substring(1)), op.placeFloor);
            } else {
                lookout.checkId(message, answers[i], message.toString());
                findings.check(
                        message.id.equals(answers[i]) || message.formerIds.contains(answers[i]),
                        "a message was sent as id=" + answers[i] + " and is another",
                        message);
            }
        }
    }

    private void sentTo(TrackedQueue queue, Tracked message, long place, long floor) {
        findings.check(place > floor, "a place is not above one given before, place=" + place, message);
        final Long owner = queue.numberAtPlace.putIfAbsent(place, message.number);
        findings.check(
                owner == null || owner == message.number,
                "a place was given twice, place=" + place + " before=" + owner,
                message);
        queue.highestPlace = Math.max(queue.highestPlace, place);
    }

    private void endAck(Begun op, String[] answers) {
        for (int i = 0; i < answers.length; i++) {
            final Tracked message = op.messages.get(i);
            if (Boolean.parseBoolean(answers[i])) {
                findings.check(!message.wasAcked, "two acknowledgements of a message succeeded", message);
                findings.check(
                        message.goneLine > op.line,
                        "a message was acknowledged after line " + message.goneLine + ", when it was "
                                + message.goneWhy,
                        message);
                findings.check(
                        message.where.equals(op.queue) || message.whereSince > op.line,
                        "a message was acknowledged in " + op.queue + ", which it had left",
                        message);
                message.wasAcked = true;
                removed(message, "acknowledged");
            } else if (Plan.deadLetters(message.home).isEmpty()) {
                findings.check(
                        message.isGone() || message.removals > 1,
                        "a message is lost, says its acknowledgement",
                        message);
            }
        }
    }

    private void endPoll(Begun op) {
        final TrackedQueue queue = queue(op.queue);
        queue.openPolls--;
        queue.polledLine = lines;
        op.messages.forEach(message -> removed(message, "acknowledged by its handler"));
    }

    private void endHide(Begun op, String[] answers) {
        final TrackedQueue queue = queue(op.queue);
        final boolean isSure = queue.openPolls == 0 && queue.polledLine < op.line;
        for (int i = 0; i < answers.length; i++) {
            final Tracked message = op.messages.get(i);
            final boolean isAlone = message.openChanges == 0 && message.changes == op.changes.get(i);
            if (Boolean.parseBoolean(answers[i]) && isAlone && isSure) {
                message.hiddenUntilMs = op.atMs + op.ms;
                message.hiddenSince = lines;
            }
        }
    }

    private void endDeadLetter(Begun op, String answer) {
        final Tracked message = op.messages.get(0);
        if (Boolean.parseBoolean(answer) && message.where.equals(op.queue) && message.id.equals(op.ids.get(0))) {
            message.where = Plan.deadLetters(message.home).orElseThrow();
            message.whereSince = lines;
        }
    }

    private void endRemoval(Begun op, boolean isRefused, String how) {
        for (int i = 0; i < op.messages.size() && !isRefused; i++) {
            final Tracked message = op.messages.get(i);
            final boolean isStillThere =
                    message.where.equals(op.queue) && message.id.equals(op.ids.get(i)) && !mayMove(message);
            if (isStillThere && !message.isGone()) {
                removed(message, how);
            }
        }
    }

    /** Whether it may have gone elsewhere while a purge was under way. */
    private static boolean mayMove(Tracked message) {
        return Plan.deadLetters(message.home).isPresent();
    }

    // ---- stock ----------------------------------------------------------------------------------------------------

    private Stocktaking stock() {
        return Optional.ofNullable(stock).orElseThrow(() -> new IllegalStateException("no stock is taken"));
    }

    private void stockQueue(String[] words) {
        stock().queue(queue(words[3]), Integer.parseInt(words[4]), tags(words[5]));
        counts = counts(words[6]);
    }

    private void stockCounted(String text) {
        stock().counted(counts, counts(text));
    }

    private static long[] counts(String text) {
        final String[] parts = text.split("/", -1);
        return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])};
    }

    private void stockMessages(long atMs, String items) {
        for (String item : items.split(",", -1)) {
            final String[] parts = item.split(":", -1);
            stock().message(new Sighting(
                    Long.parseLong(parts[0]),
                    parts[1],
                    stock().queue(),
                    Integer.parseInt(parts[3]),
                    false,
                    parts[2].equals("V"),
                    parts[2].equals("F"),
                    -1,
                    stock().begunLine(),
                    lines,
                    atMs));
        }
    }

    private void endStock() {
        stock().end(living, all, queues.values());
        stock = null;
        isReleased = false;
        stocks++;
    }
}
