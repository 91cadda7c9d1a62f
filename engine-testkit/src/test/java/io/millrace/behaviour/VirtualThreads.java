package io.millrace.behaviour;

import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Starts virtual threads on a JDK that has them; the release level of the sources does not know them. Stateless. */
final class VirtualThreads {
    private VirtualThreads() {}

    /** Ends the test as one that was not run, and says so, where there are none. */
    static void require() {
        if (Runtime.version().feature() < 21) {
            String reason = "NOT RUN: virtual threads come with JDK 21, this is "
                    + Runtime.version().feature();
            System.out.println(reason);
            abort(reason);
        }
    }

    static Thread start(Runnable work) {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            return (Thread) start.invoke(null, work);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("no virtual thread was started", e);
        }
    }
}
