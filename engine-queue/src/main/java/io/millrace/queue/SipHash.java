package io.millrace.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits of output, a keyed hash for short inputs that cannot be forged without the key. Immutable.
 *
 * <p>Source: J.-P. Aumasson, D. J. Bernstein, SipHash: a fast short-input PRF, 2012, and its 128-bit variant; tested
 * against the authors' vectors.
 */
final class SipHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int COMPRESSION_ROUNDS = 2;
    private static final int FINALIZATION_ROUNDS = 4;

    /** The 16 bytes of a hash. */
    record Tag(long low, long high) {}

    private final long key0;
    private final long key1;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** The tag of the first {@code length} bytes. */
    Tag hash(byte[] bytes, int length) {
        final Rounds v = new Rounds(key0, key1);
        final int whole = length & ~7;
        for (int i = 0; i < whole; i += 8) {
            v.absorb((long) LONGS.get(bytes, i));
        }
        long last = (long) length << 56;
        for (int i = length - 1; i >= whole; i--) {
            last |= (bytes[i] & 0xFFL) << (8 * (i - whole));
        }
        v.absorb(last);
        return v.finish();
    }

    private static final class Rounds {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        Rounds(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL ^ 0xEE;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void absorb(long word) {
            v3 ^= word;
            mix(COMPRESSION_ROUNDS);
            v0 ^= word;
        }

        Tag finish() {
            v2 ^= 0xEE;
            mix(FINALIZATION_ROUNDS);
            final long low = v0 ^ v1 ^ v2 ^ v3;
            v1 ^= 0xDD;
            mix(FINALIZATION_ROUNDS);
            return new Tag(low, v0 ^ v1 ^ v2 ^ v3);
        }

        private void mix(int rounds) {
            for (int i = 0; i < rounds; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }
}
