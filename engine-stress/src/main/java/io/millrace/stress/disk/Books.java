package io.millrace.stress.disk;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.stress.Check;
import io.millrace.stress.kill.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must be in a directory: every message and queue of which somebody was told that it is there. One thread tells and asks, so
 * nothing is open. Kept in a file elsewhere from one process to the next.
 */
final class Books {
    /** Where messages are sent to and received from. */
    static final String ORDERS = "orders";

    /** The same; whatever was received once and given back goes to {@link #DEAD} at the next receive, if there is room. */
    static final String TRIES = "tries";

    /** The dead-letter queue of both. */
    static final String DEAD = "dead";

    private static final int MOST_MESSAGES = 1_000_000;
    private static final int MOST_QUEUES = 10_000;
    private static final String MESSAGE = "message";
    private static final String QUEUE = "queue";
    private static final String TAG = "tag";

    private final Map<Long, String> places = new TreeMap<>();
    private final Set<String> queues = new TreeSet<>();
    private String tag = "";

    // ---- what is told ---------------------------------------------------------------------------------------------

    void sent(long number, String queue) {
        places.put(number, queue);
    }

    void moved(long number, String queue) {
        places.put(number, queue);
    }

    void ended(long number) {
        places.remove(number);
    }

    void created(String queue) {
        queues.add(queue);
    }

    void deleted(String queue) {
        queues.remove(queue);
    }

    void tagged(String value) {
        tag = value;
    }

    /** The value of the tag of {@link #ORDERS}, or empty. */
    String tag() {
        return tag;
    }

    /** Queues that were made and hold nothing. */
    Set<String> queues() {
        return queues;
    }

    /** Where a message is, by what was told. */
    String place(long number) {
        return places.getOrDefault(number, "nowhere");
    }

    // ---- what must be there ---------------------------------------------------------------------------------------

    /** Looks at everything in an engine in which nothing happens meanwhile. */
    void compare(Engine engine) {
        final Set<String> names =
                new TreeSet<>(engine.catalog().list("", MOST_QUEUES).items());
        final Set<String> expected = new TreeSet<>(queues);
        names.removeAll(Set.of(ORDERS, TRIES, DEAD));
        Check.that(names.equals(expected), "queues are not those that were made: " + names + " not " + expected);
        final Set<Long> found = new HashSet<>();
        for (String name : engine.catalog().list("", MOST_QUEUES).items()) {
            compare(engine.queue(name), found);
        }
        final Set<Long> missing = new TreeSet<>(places.keySet());
        missing.removeAll(found);
        Check.that(missing.isEmpty(), "lost: " + missing.size() + " messages, " + describe(missing));
    }

    private void compare(MessageQueue queue, Set<Long> found) {
        for (PeekedMessage message : queue.admin().peek(MOST_MESSAGES)) {
            final OptionalLong number = Content.numberOf(message.bytes(), message.attributes());
            Check.that(number.isPresent(), "not as it was sent: " + queue.name() + " " + message);
            final long own = number.getAsLong();
            Check.that(found.add(own), "twice: " + own);
            final String place = place(own);
            Check.that(
                    place.equals(queue.name())
                            || (place.equals(TRIES) && queue.name().equals(DEAD)),
                    "in another queue: " + own + " is in " + queue.name() + ", was promised in " + place);
        }
    }

    private String describe(Set<Long> numbers) {
        final List<String> some = new ArrayList<>();
        numbers.stream()
                .limit(5)
                .forEach(number -> some.add(number + " of " + Content.length(number) + " bytes in " + place(number)));
        return some.toString();
    }

    // ---- from one process to the next -----------------------------------------------------------------------------

    void save(Path file) throws IOException {
        final List<String> lines = new ArrayList<>();
        places.forEach((number, queue) -> lines.add(MESSAGE + " " + number + " " + queue));
        queues.forEach(queue -> lines.add(QUEUE + " " + queue));
        if (!tag.isEmpty()) {
            lines.add(TAG + " " + tag);
        }
        Files.write(file, lines);
    }

    static Books load(Path file) throws IOException {
        final Books books = new Books();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                final String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case MESSAGE -> books.sent(Long.parseLong(words[1]), words[2]);
                    case QUEUE -> books.created(words[1]);
                    case TAG -> books.tagged(words[1]);
                    default -> throw new IOException("no line of books: " + line);
                }
            }
        }
        return books;
    }
}
