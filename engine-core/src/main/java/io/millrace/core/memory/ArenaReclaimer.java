package io.millrace.core.memory;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * Shared arenas of the foreign memory API, reached by method handles since the classes are compiled for JDK 17.
 * Immutable. Use after release throws {@link IllegalStateException} instead of faulting.
 */
final class ArenaReclaimer implements Reclaimer {
    private final MethodHandle ofShared;
    private final MethodHandle allocate;
    private final MethodHandle map;
    private final MethodHandle asByteBuffer;

    ArenaReclaimer() {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            final Class<?> arena = Class.forName("java.lang.foreign.Arena");
            final Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            ofShared = lookup.findStatic(arena, "ofShared", MethodType.methodType(arena));
            allocate = lookup.findVirtual(arena, "allocate", MethodType.methodType(segment, long.class, long.class));
            map = lookup.findVirtual(
                    FileChannel.class,
                    "map",
                    MethodType.methodType(segment, MapMode.class, long.class, long.class, arena));
            asByteBuffer = lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is not usable on this JDK", e);
        }
    }

    @Override
    public Memory allocate(int length) {
        try {
            final Object arena = ofShared.invoke();
            final Object segment = allocate.invoke(arena, (long) length, (long) Region.ALIGNMENT);
            return new Memory((ByteBuffer) asByteBuffer.invoke(segment), arena);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("Arena.allocate threw a checked exception", e);
        }
    }

    @Override
    public Memory map(FileChannel channel, int length) throws IOException {
        try {
            final Object arena = ofShared.invoke();
            try {
                final Object segment = map.invoke(channel, MapMode.READ_WRITE, 0L, (long) length, arena);
                return new Memory((ByteBuffer) asByteBuffer.invoke(segment), arena);
            } catch (Throwable e) {
                release(arena);
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("FileChannel.map threw an unknown exception", e);
        }
    }

    @Override
    public void release(Object owner) {
        try {
            ((AutoCloseable) owner).close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinkageError("Arena.close threw a checked exception", e);
        }
    }
}
