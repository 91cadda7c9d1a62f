package io.millrace.stress;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Messages whose every byte follows from a number that they begin with. Stateless. */
public final class Sent {
    private static final byte END = ';';
    private static final int MOST_DIGITS = 9;
    private static final int KINDS = 3;

    private Sent() {}

    /** The payload of a number: digits, a semicolon, bytes. */
    public static byte[] payload(int number, int length) {
        final byte[] name = (number + ";").getBytes(StandardCharsets.US_ASCII);
        final byte[] payload = new byte[Math.max(length, name.length)];
        new SplittableRandom(number).nextBytes(payload);
        System.arraycopy(name, 0, payload, 0, name.length);
        return payload;
    }

    /** The attributes of a number; some have none. */
    public static Attributes attributes(int number) {
        return switch (number % KINDS) {
            case 0 -> Attributes.empty();
            case 1 -> Attributes.of("number", Attribute.number(number)).with("text", Attribute.string("of " + number));
            default -> Attributes.of("bytes", Attribute.binary(Arrays.copyOf(payload(number, 40), 40)));
        };
    }

    public static Message message(int number, int length) {
        return Message.bytes(payload(number, length)).withAttributes(attributes(number));
    }

    /** The number that a payload begins with, if it is one that was made here. */
    public static OptionalInt numberOf(byte[] payload) {
        int number = 0;
        for (int i = 0; i < Math.min(payload.length, MOST_DIGITS + 1); i++) {
            if (payload[i] == END) {
                return i > 0 && Arrays.equals(payload, payload(number, payload.length))
                        ? OptionalInt.of(number)
                        : OptionalInt.empty();
            }
            if (payload[i] < '0' || payload[i] > '9') {
                return OptionalInt.empty();
            }
            number = number * 10 + payload[i] - '0';
        }
        return OptionalInt.empty();
    }
}
