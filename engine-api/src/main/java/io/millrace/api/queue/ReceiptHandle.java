package io.millrace.api.queue;

import io.millrace.api.InvalidReceiptException;
import io.millrace.api.check.Arguments;
import java.util.Arrays;
import java.util.Base64;

/**
 * Names one delivery of a message, for as long as the message exists, in a form that can be stored and sent. Immutable.
 *
 * <p>The {@value #LENGTH} bytes are opaque, and sealed by the engine that issued them. This class checks only their
 * number; whether they are genuine is checked by the queue that they are given to. As text they are {@code base64url}
 * without padding, 54 characters that are safe in a URL and a file name.
 */
public final class ReceiptHandle {
    /** Number of bytes of every receipt handle. */
    public static final int LENGTH = 40;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final byte[] bytes;

    /** Takes the bytes over; the callers have copied and checked them. */
    private ReceiptHandle(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The receipt handle of these bytes.
     *
     * @param bytes {@value #LENGTH} bytes, copied, not null
     * @return the receipt handle
     * @throws InvalidReceiptException if the number of bytes differs
     */
    public static ReceiptHandle of(byte[] bytes) {
        byte[] copy = Arguments.notNull("bytes", bytes).clone();
        if (copy.length != LENGTH) {
            throw malformed(ENCODER.encodeToString(Arrays.copyOf(copy, Math.min(copy.length, 2 * LENGTH))));
        }
        return new ReceiptHandle(copy);
    }

    /**
     * Reads the text that {@link #toString()} writes.
     *
     * @param text the receipt handle as text, not null
     * @return the receipt handle
     * @throws InvalidReceiptException if the text is not that of a receipt handle
     */
    public static ReceiptHandle parse(String text) {
        Arguments.notNull("text", text);
        byte[] decoded = decode(text);
        // The decoder ignores padding and left-over bits, so several texts would name one delivery.
        if (decoded.length != LENGTH || !ENCODER.encodeToString(decoded).equals(text)) {
            throw malformed(text);
        }
        return new ReceiptHandle(decoded);
    }

    private static byte[] decode(String text) {
        try {
            return DECODER.decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed(text);
        }
    }

    private static InvalidReceiptException malformed(String text) {
        return new InvalidReceiptException("receipt is malformed", text);
    }

    /**
     * The receipt handle as bytes.
     *
     * @return a new array of {@value #LENGTH} bytes
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReceiptHandle that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /**
     * The receipt handle as text.
     *
     * @return 54 characters of {@code base64url}
     */
    @Override
    public String toString() {
        return ENCODER.encodeToString(bytes);
    }
}
