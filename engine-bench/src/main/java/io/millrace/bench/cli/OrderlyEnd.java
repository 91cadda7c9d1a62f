package io.millrace.bench.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Lets a command clean up when the process is told to end: Ctrl-C interrupts the thread of the command, and the JVM
 * stays until the command has returned. It then exits with the code of the signal, 130 for Ctrl-C.
 */
final class OrderlyEnd extends Thread {
    private static final long LONGEST_WAIT_S = 20;

    private final Thread command;
    private final CountDownLatch returned = new CountDownLatch(1);

    private OrderlyEnd(Thread command) {
        super("millrace-end");
        this.command = command;
    }

    /** Runs a command on this thread; the code that it returns. */
    static int of(IntSupplier command) {
        OrderlyEnd end = new OrderlyEnd(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(end);
        try {
            return command.getAsInt();
        } finally {
            end.returned.countDown();
        }
    }

    /** The shutdown hook; it also runs at an ordinary exit, when the command has returned already. */
    @Override
    public void run() {
        if (returned.getCount() == 0) {
            return;
        }
        command.interrupt();
        try {
            if (!returned.await(LONGEST_WAIT_S, TimeUnit.SECONDS)) {
                System.err.println("millrace: the command did not end in time: waitedS=" + LONGEST_WAIT_S);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
