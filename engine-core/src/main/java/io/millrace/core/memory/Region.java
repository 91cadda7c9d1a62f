package io.millrace.core.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A fixed range of off-heap memory or of a mapped file, addressed by byte index, in native byte order. Thread-safe to the degree that the
 * access mode in each method's name says. What was read from a file may be one, too, see {@link #onHeap}.
 *
 * <p>Words that take part in a race are 8 bytes long and aligned to 8; the start of a region is aligned to a cache line.
 * An index outside the region throws {@link IndexOutOfBoundsException}. Use after release is prevented by the callers
 * (see {@code OperationGate}); on JDK 22 and later it throws, on earlier ones it would be undefined.
 */
public final class Region {
    /** Alignment of a region's first byte, in bytes. */
    public static final int ALIGNMENT = 64;

    /** Bytes of a page: none is smaller, so one access in each of these is one in each page. */
    public static final int PAGE_BYTES = 4096;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer bytes;
    private final Object owner;
    private final long reservedBytes;

    /**
     * @param bytes aligned memory, used with absolute indices only
     * @param owner what the {@link Reclaimer} needs to give the memory back
     * @param reservedBytes what the region counts against the budget
     */
    Region(ByteBuffer bytes, Object owner, long reservedBytes) {
        this.bytes = bytes.order(ByteOrder.nativeOrder());
        this.owner = owner;
        this.reservedBytes = reservedBytes;
    }

    /**
     * The first bytes of an array as a region, for whoever reads a file without mapping it. It has plain access only, no
     * alignment, counts against no budget, and is the garbage collector's business.
     */
    public static Region onHeap(byte[] bytes, int length) {
        return new Region(ByteBuffer.wrap(bytes, 0, length).slice(), bytes, 0);
    }

    /** Length in bytes. */
    public int length() {
        return bytes.capacity();
    }

    ByteBuffer bytes() {
        return bytes;
    }

    Object owner() {
        return owner;
    }

    long reservedBytes() {
        return reservedBytes;
    }

    /** A new buffer over the same memory in native order, for lending; the caller keeps it to one thread. */
    public ByteBuffer newView() {
        return bytes.duplicate().order(ByteOrder.nativeOrder());
    }

    /** A new read-only buffer over the same memory in native order, for lending; the caller keeps it to one thread. */
    public ByteBuffer newReadOnlyView() {
        return bytes.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    // ---- words ----------------------------------------------------------------------------------------------------

    public long longPlain(int index) {
        return (long) LONGS.get(bytes, index);
    }

    public long longOpaque(int index) {
        return (long) LONGS.getOpaque(bytes, index);
    }

    public long longAcquire(int index) {
        return (long) LONGS.getAcquire(bytes, index);
    }

    public long longVolatile(int index) {
        return (long) LONGS.getVolatile(bytes, index);
    }

    public void longPlain(int index, long value) {
        LONGS.set(bytes, index, value);
    }

    public void longOpaque(int index, long value) {
        LONGS.setOpaque(bytes, index, value);
    }

    public void longRelease(int index, long value) {
        LONGS.setRelease(bytes, index, value);
    }

    public void longVolatile(int index, long value) {
        LONGS.setVolatile(bytes, index, value);
    }

    public boolean casLong(int index, long expected, long next) {
        return LONGS.compareAndSet(bytes, index, expected, next);
    }

    /** The witness value: equal to {@code expected} if and only if {@code next} was stored. */
    public long compareAndExchangeLong(int index, long expected, long next) {
        return (long) LONGS.compareAndExchange(bytes, index, expected, next);
    }

    public long getAndAddLong(int index, long delta) {
        return (long) LONGS.getAndAdd(bytes, index, delta);
    }

    public long getAndSetLong(int index, long value) {
        return (long) LONGS.getAndSet(bytes, index, value);
    }

    public long getAndOrLong(int index, long mask) {
        return (long) LONGS.getAndBitwiseOr(bytes, index, mask);
    }

    public long getAndAndLong(int index, long mask) {
        return (long) LONGS.getAndBitwiseAnd(bytes, index, mask);
    }

    public int intPlain(int index) {
        return (int) INTS.get(bytes, index);
    }

    public void intPlain(int index, int value) {
        INTS.set(bytes, index, value);
    }

    // ---- bytes ----------------------------------------------------------------------------------------------------

    public byte bytePlain(int index) {
        return bytes.get(index);
    }

    public void bytePlain(int index, byte value) {
        bytes.put(index, value);
    }

    /** Something that writes its bytes into memory by absolute puts, without allocating. */
    @FunctionalInterface
    public interface Source {
        void copyTo(ByteBuffer target, int index);
    }

    /** Lets {@code source} write its bytes from {@code index} on; it must not keep the buffer. */
    public void copyIn(int index, Source source) {
        source.copyTo(bytes, index);
    }

    /** Copies {@code length} bytes of {@code source} to {@code index}. */
    public void copyIn(int index, byte[] source, int offset, int length) {
        bytes.put(index, source, offset, length);
    }

    /** Copies {@code length} bytes of {@code source}, which keeps its position and limit, to {@code index}. */
    public void copyIn(int index, ByteBuffer source, int offset, int length) {
        bytes.put(index, source, offset, length);
    }

    /** Copies {@code length} bytes from {@code index} into {@code target}. */
    public void copyOut(int index, byte[] target, int offset, int length) {
        bytes.get(index, target, offset, length);
    }

    /** Copies {@code length} bytes from {@code index} to another region, or to another place of this one. */
    public void copyTo(int index, Region target, int targetIndex, int length) {
        target.bytes.put(targetIndex, bytes, index, length);
    }

    /**
     * Reads something of each page of {@code length} bytes from {@code index} on, both multiples of 8: if the page of a mapped file
     * cannot be had, an {@link InternalError} is thrown here and not in code that cannot throw one.
     */
    public void touch(int index, int length) {
        for (int i = index, end = index + length - Long.BYTES; i <= end; i += PAGE_BYTES - (i & (PAGE_BYTES - 1))) {
            longOpaque(i);
        }
    }

    /** Sets {@code length} bytes from {@code index} to {@code value}. */
    public void fill(int index, int length, byte value) {
        for (int i = index, end = index + length; i < end; i++) {
            bytes.put(i, value);
        }
    }
}
