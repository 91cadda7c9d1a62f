package io.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Text to bytes without loss: what cannot be encoded is refused, never replaced. Stateless, thread-safe. */
final class Utf8 {
    private Utf8() {}

    /** The bytes of a text; refuses half a surrogate pair, which {@link String#getBytes} would turn into '?'. */
    static byte[] encode(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                i = endOfPair(name, text, i);
            }
        }
        return text.getBytes(UTF_8);
    }

    private static int endOfPair(String name, String text, int index) {
        int next = index + 1;
        if (next == text.length() || !Character.isSurrogatePair(text.charAt(index), text.charAt(next))) {
            throw new IllegalArgumentException(name + " must not contain half a surrogate pair: index=" + index);
        }
        return next;
    }

    /** Number of bytes of a text that can be encoded. */
    static int lengthOf(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            length += lengthOf(text.charAt(i));
        }
        return length;
    }

    /** A pair of surrogates makes four bytes, hence two for each. */
    private static int lengthOf(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
