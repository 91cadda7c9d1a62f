package io.millrace.stress.kill;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * What a message of the harness is: payload and attributes follow from its number, so that whoever receives it knows every
 * byte that it must have. Stateless.
 *
 * <pre>
 *  bits  what
 *  ----  --------------------------------------------------------
 *    32  run, from 0
 *     4  thread in its run
 *    26  how many messages the thread had made before
 *     2  kind: 0 and 1 heap, 2 raw without attributes, 3 raw claim
 * </pre>
 */
public final class Content {
    /** Kind of messages that have no attributes; their payload begins with the number. */
    public static final int OFFERED = 2;

    /** Kind of messages that are written in place. */
    public static final int CLAIMED = 3;

    static final int KINDS = 4;
    static final int THREADS = 16;

    private static final int KIND_BITS = 2;
    private static final int COUNT_BITS = 26;
    private static final String NUMBER = "n";
    private static final int PER_MYRIAD = 10_000;
    private static final int MIB = 1 << 20;

    private Content() {}

    public static long number(int run, int thread, int count, int kind) {
        return (((long) run * THREADS + thread) << COUNT_BITS | count) << KIND_BITS | kind;
    }

    public static int kind(long number) {
        return (int) number & (KINDS - 1);
    }

    /** The same for all that one thread sends in one run; their numbers rise. */
    static long sender(long number) {
        return number >>> (COUNT_BITS + KIND_BITS);
    }

    /** Spreads a number over 64 bits. */
    private static long mixed(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 32)) * 0xD6E8FEB86659FD93L;
        z = (z ^ (z >>> 32)) * 0xD6E8FEB86659FD93L;
        return z ^ (z >>> 32);
    }

    /** Most are short, now and then one is larger than a segment. */
    public static int length(long number) {
        final long mixed = mixed(number);
        final int least = kind(number) == OFFERED ? Long.BYTES : 1;
        final int draw = (int) Long.remainderUnsigned(mixed, PER_MYRIAD);
        final int most = draw < 8_000 ? 300 : draw < 9_700 ? 4_000 : draw < 9_970 ? 50_000 : 200_000;
        final int spread = (int) Long.remainderUnsigned(mixed >>> 16, most);
        return draw < 9_995 ? least + spread : MIB + spread * 8;
    }

    public static byte[] payload(long number) {
        final ByteBuffer payload = ByteBuffer.allocate(length(number));
        long word = mixed(number);
        if (payload.remaining() >= Long.BYTES) {
            payload.putLong(number);
        }
        while (payload.remaining() >= Long.BYTES) {
            word = word * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
            payload.putLong(word);
        }
        while (payload.hasRemaining()) {
            word = word * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
            payload.put((byte) (word >>> 56));
        }
        return payload.array();
    }

    public static Attributes attributes(long number) {
        if (kind(number) == OFFERED) {
            return Attributes.empty();
        }
        final Attributes attributes = Attributes.of(NUMBER, Attribute.number(number));
        final long mixed = mixed(number);
        return switch ((int) (mixed >>> 60)) {
            case 0 -> attributes.with("text", Attribute.string("t".repeat(1 + (int) (mixed >>> 50 & 1023))));
            case 1 ->
                attributes.with(
                        "bytes",
                        Attribute.binary(new byte[] {(byte) mixed, 0, (byte) (mixed >>> 8)})
                                .withSuffix("own"));
            case 2 -> attributes.with("one", Attribute.number("1.50")).with("two", Attribute.string("\u20ac"));
            default -> attributes;
        };
    }

    public static Message message(long number) {
        return Message.bytes(payload(number)).withAttributes(attributes(number));
    }

    /** The number of a message that was received; empty if it is none of ours, or not as it was sent. */
    public static OptionalLong numberOf(byte[] payload, Attributes attributes) {
        return numberOf(ByteBuffer.wrap(payload), 0, payload.length, attributes);
    }

    /** The same for a payload that is lent. */
    public static OptionalLong numberOf(ByteBuffer lent, int offset, int length, Attributes attributes) {
        final long number;
        if (attributes.isEmpty()) {
            if (length < Long.BYTES) {
                return OptionalLong.empty();
            }
            final long first = lent.getLong(offset);
            number = lent.order() == ByteOrder.BIG_ENDIAN ? first : Long.reverseBytes(first);
        } else {
            number = attributes.text(NUMBER).map(Long::parseLong).orElse(-1L);
        }
        final boolean isWhole = number >= 0
                && attributes.isEmpty() == (kind(number) == OFFERED)
                && length == length(number)
                && attributes.equals(attributes(number))
                && ByteBuffer.wrap(payload(number)).equals(lent.slice(offset, length));
        return isWhole ? OptionalLong.of(number) : OptionalLong.empty();
    }
}
