package io.millrace.api;

/** The clock of the machine. Thread-safe. */
enum SystemClock implements EngineClock {
    INSTANCE;

    @Override
    public long wallMs() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNs() {
        return System.nanoTime();
    }

    @Override
    public String toString() {
        return "system clock";
    }
}
