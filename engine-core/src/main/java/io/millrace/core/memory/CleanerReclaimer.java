package io.millrace.core.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Direct and mapped buffers, released by {@code sun.misc.Unsafe.invokeCleaner}, which JDK 17 to 21 offer without flag or warning.
 * Immutable. Nothing else of {@code Unsafe} is used.
 */
final class CleanerReclaimer implements Reclaimer {
    private final MethodHandle invokeCleaner;

    CleanerReclaimer() {
        try {
            final Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
            final Field theUnsafe = unsafeClass.getDeclaredField("theUnsafe");
            theUnsafe.setAccessible(true);
            invokeCleaner = MethodHandles.lookup()
                    .findVirtual(unsafeClass, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(theUnsafe.get(null));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(
                    "sun.misc.Unsafe.invokeCleaner is not to be had: is module jdk.unsupported resolved?", e);
        }
    }

    @Override
    public Memory allocate(int length) {
        // Over-allocate for alignment: only the root buffer may be given to invokeCleaner, slices may not.
        final ByteBuffer root = ByteBuffer.allocateDirect(length + Region.ALIGNMENT);
        final int misaligned = root.alignmentOffset(0, Region.ALIGNMENT);
        final ByteBuffer aligned = root.slice(misaligned == 0 ? 0 : Region.ALIGNMENT - misaligned, length);
        return new Memory(aligned, root);
    }

    @Override
    public Memory map(FileChannel channel, int length) throws IOException {
        final MappedByteBuffer root = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
        return new Memory(root, root);
    }

    @Override
    public void release(Object owner) {
        try {
            invokeCleaner.invoke((ByteBuffer) owner);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("invokeCleaner threw a checked exception", e);
        }
    }
}
