package io.millrace.bench.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one message carries: a line of a file with its line break, or a file's name. So a file without lines goes through
 * the queue as well. Immutable; nobody changes the bytes.
 */
final class Piece {
    /** Stands in place of the line number of a name. */
    private static final int NAME = -1;

    private static final String FILE_ATTRIBUTE = "file";
    private static final String LINE_ATTRIBUTE = "line";
    private static final String LINES_ATTRIBUTE = "lines";
    private static final String SENT_NS_ATTRIBUTE = "sent-ns";

    private final int file;
    private final int line;
    private final int lines;
    private final byte[] bytes;

    private Piece(int file, int line, int lines, byte[] bytes) {
        this.file = file;
        this.line = line;
        this.lines = lines;
        this.bytes = bytes;
    }

    /** The name of a file, and how many lines it has. */
    static Piece ofName(int file, String name, int lines) {
        return new Piece(file, NAME, lines, name.getBytes(US_ASCII));
    }

    /** A line of a file, from 0; the bytes are taken over. */
    static Piece ofLine(int file, int line, byte[] bytes) {
        return new Piece(file, line, 0, bytes);
    }

    /**
     * What a delivery carries.
     *
     * @throws IllegalArgumentException if it is not the message of a piece
     */
    static Piece of(Delivery delivery) {
        return of(delivery.attributes(), delivery.bytes());
    }

    /**
     * What a message carries.
     *
     * @throws IllegalArgumentException if it is not the message of a piece
     */
    static Piece of(Message message) {
        return of(message.attributes(), message.bytes());
    }

    private static Piece of(Attributes attributes, byte[] bytes) {
        int file = number(attributes, FILE_ATTRIBUTE);
        if (attributes.find(LINES_ATTRIBUTE).isPresent()) {
            return new Piece(file, NAME, number(attributes, LINES_ATTRIBUTE), bytes);
        }
        return new Piece(file, number(attributes, LINE_ATTRIBUTE), 0, bytes);
    }

    /** Reads the words that {@link #toText()} writes, from the word {@code at} on. */
    static Piece ofWords(String[] words, int at) {
        return new Piece(
                Integer.parseInt(words[at]),
                Integer.parseInt(words[at + 1]),
                Integer.parseInt(words[at + 2]),
                Base64.getDecoder().decode(words[at + 3]));
    }

    /** The piece in four words of a line. */
    String toText() {
        return file + " " + line + " " + lines + " " + Base64.getEncoder().encodeToString(bytes);
    }

    private static int number(Attributes attributes, String name) {
        String text = attributes
                .text(name)
                .orElseThrow(() -> new IllegalArgumentException("message has no attribute: name=" + name));
        int value = Integer.parseInt(text);
        if (value < 0) {
            throw new IllegalArgumentException("attribute must not be negative: " + name + "=" + value);
        }
        return value;
    }

    /** The {@link System#nanoTime()} that the message of a piece was made with. */
    static long sentNs(Delivery delivery) {
        return delivery.attributes()
                .text(SENT_NS_ATTRIBUTE)
                .map(Long::parseLong)
                .orElseThrow(() -> new IllegalArgumentException("message has no attribute: name=" + SENT_NS_ATTRIBUTE));
    }

    /** This piece as a message that says when it was sent. */
    Message toMessage(long sentNs) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put(FILE_ATTRIBUTE, Attribute.number(file));
        attributes.put(isName() ? LINES_ATTRIBUTE : LINE_ATTRIBUTE, Attribute.number(isName() ? lines : line));
        attributes.put(SENT_NS_ATTRIBUTE, Attribute.number(sentNs));
        return Message.bytes(bytes).withAttributes(Attributes.copyOf(attributes));
    }

    int file() {
        return file;
    }

    boolean isName() {
        return line == NAME;
    }

    /** Number of the line in its file, from 0; of a line only. */
    int line() {
        return line;
    }

    /** How many lines the file has; of a name only. */
    int lines() {
        return lines;
    }

    /** The line with its line break, or the name in ASCII; not a copy. */
    byte[] bytes() {
        return bytes;
    }

    /** Differs from piece to piece, and is the same on both sides of the queue. */
    long key() {
        return (long) file << Integer.SIZE | (line + 1);
    }

    /** File and line, without the bytes. */
    @Override
    public String toString() {
        return isName() ? "file=" + file + " name" : "file=" + file + " line=" + (line + 1);
    }
}
