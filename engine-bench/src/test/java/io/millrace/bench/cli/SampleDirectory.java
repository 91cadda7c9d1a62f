package io.millrace.bench.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.core.log.SegmentLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory with two queues and messages in every state. Orders 0 to 29 are in a segment that is marked at its end, 40 to
 * 44 were sent by a later engine, into one that is not; 0 to 3 are acknowledged, 4 is dead-lettered, 5 and 6 are in flight, 28 and 29 delayed.
 *
 * @param inFlight receipt of a message in flight
 * @param first name of the segment with the orders 0 to 29
 * @param second name of the one with the last orders
 */
record SampleDirectory(Path path, ReceiptHandle inFlight, String first, String second) {
    static final int LIVING = 31;
    private static final Duration LONG = Duration.ofHours(1);

    /** What an engine finds in one queue. */
    record Content(QueueConfig config, Map<String, String> tags, List<PeekedMessage> messages) {}

    static SampleDirectory in(Path parent) {
        Path path = parent.resolve("data");
        ReceiptHandle receipt;
        try (Engine engine = Engine.open(path, Durability.PROCESS_CRASH)) {
            engine.queue("dead");
            MessageQueue orders = engine.queue(
                    "orders", config -> config.withVisibilityTimeout(LONG).withRedrive(new RedrivePolicy("dead", 5)));
            orders.admin().tag(Map.of("team", "blue"));
            send(orders, 0, 28);
            List<Delivery> deliveries = orders.receive(7);
            deliveries.subList(0, 4).forEach(Delivery::ack);
            deliveries.get(4).deadLetter("of no use");
            receipt = deliveries.get(5).receipt();
            orders.send(order(28).withDelay(LONG));
            orders.send(order(29).withDelay(LONG));
        }
        try (Engine engine = Engine.open(path, Durability.PROCESS_CRASH)) {
            send(engine.queue("orders", config -> config), 40, 45);
        }
        SampleDirectory sample = of(path, receipt);
        sample.unmark(sample.second());
        return sample;
    }

    static SampleDirectory of(Path path, ReceiptHandle receipt) {
        return new SampleDirectory(path, receipt, segmentWith(path, "order 1 "), segmentWith(path, "order 44 "));
    }

    /** The name of the segment that holds a text, or nothing. */
    private static String segmentWith(Path path, String text) {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("segment-") && new String(Files.readAllBytes(file), ISO_8859_1).contains(text)) {
                    return name;
                }
            }
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(MessageQueue queue, int from, int to) {
        for (int i = from; i < to; i++) {
            queue.send(order(i));
        }
    }

    static Message order(int number) {
        return Message.text("order " + number + " of so many").with("number", number);
    }

    /** A copy of it. */
    SampleDirectory copy(Path target) {
        copy(path, target);
        return new SampleDirectory(target, inFlight, first, second);
    }

    static void copy(Path from, Path target) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectory(target);
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an engine finds in a directory, by name of the queue. */
    static Map<String, Content> contents(Path directory) {
        Map<String, Content> contents = new TreeMap<>();
        try (Engine engine = Engine.open(directory, Durability.PROCESS_CRASH)) {
            for (String name : engine.catalog().list("", 100).items()) {
                MessageQueue queue = engine.queue(name, config -> config);
                contents.put(
                        name,
                        new Content(
                                queue.admin().config(),
                                queue.admin().tags(),
                                queue.admin().peek(1_000)));
            }
        }
        return contents;
    }

    static List<PeekedMessage> messages(Map<String, Content> contents) {
        List<PeekedMessage> messages = new ArrayList<>();
        contents.values().forEach(content -> messages.addAll(content.messages()));
        return messages;
    }

    // ---- damage ---------------------------------------------------------------------------------------------------

    Path file(String name) {
        return path.resolve(name);
    }

    /** Takes back what a segment states about itself, as if the engine had been cut off. */
    void unmark(String file) {
        try (FileChannel channel = FileChannel.open(file(file), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(Long.BYTES), SegmentLayout.MARK_OFFSET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes one byte of a file. */
    void flip(String name, int offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file(name));
        bytes[offset] ^= 0x10;
        Files.write(file(name), bytes);
    }

    /** A segment's bytes, little endian. */
    ByteBuffer segment(String name) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file(name))).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the records of a segment begin, in order; padding left out. */
    List<Integer> records(String name) throws IOException {
        ByteBuffer segment = segment(name);
        List<Integer> records = new ArrayList<>();
        for (int at = 64; at < segment.capacity(); ) {
            int length = segment.getInt(at);
            if (length <= 0) {
                break;
            }
            if (length > 16 && segment.get(at + 12) != 1) {
                records.add(at);
            }
            at += (length + 7) & -8;
        }
        return records;
    }

    /** Where the record of an order begins. */
    int recordOf(String name, int order) throws IOException {
        byte[] text = order(order).bytes();
        ByteBuffer segment = segment(name);
        for (int at : records(name)) {
            int end = at + segment.getInt(at);
            if (segment.get(at + 12) == 2 && segment.getInt(at + 16) == text.length) {
                byte[] payload = new byte[text.length];
                segment.get(end - text.length, payload);
                if (Arrays.equals(payload, text)) {
                    return at;
                }
            }
        }
        throw new AssertionError("no record of order " + order);
    }
}
