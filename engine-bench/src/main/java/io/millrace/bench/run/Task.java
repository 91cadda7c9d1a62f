package io.millrace.bench.run;

/** The work of one thread in one round. */
interface Task {
    /**
     * Does the work on the calling thread, or returns early when the round is stopped.
     *
     * @param meter to be started when everything is ready, and stopped before anything is put away
     */
    void run(Meter meter) throws InterruptedException;
}
