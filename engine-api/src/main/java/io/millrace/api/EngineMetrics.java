package io.millrace.api;

/**
 * Where an engine shows its figures: the bridge to a metrics library, given by {@link EngineConfig#withMetrics}.
 * Implemented by users, thread-safe.
 *
 * <p>The engine offers each {@link EngineMeter} once, when what it measures appears: those of the engine when it is
 * opened, those of a queue when it is created. It takes them back when the queue is deleted or the engine closed. In
 * between it neither counts nor calls anything for the sake of metrics; whoever wants a figure reads it.
 *
 * <p>The engine refers to a meter for as long as it is registered, so a library that refers to it weakly keeps it.
 * Calls come from the threads that open and close engines, create and delete queues, those of one queue one after the
 * other. An implementation must not wait for another thread that uses the engine, and should
 * return soon. What it throws is logged and changes nothing else.
 */
@FunctionalInterface
public interface EngineMetrics {
    /** What a registration is undone by. */
    @FunctionalInterface
    interface Registration {
        /** Forgets the meter. Called at most once. */
        void remove();
    }

    /**
     * Begins to show a meter.
     *
     * @param meter what to show, not null
     * @return what removes it, not null
     */
    Registration register(EngineMeter meter);

    /**
     * Shows nothing, and costs nothing.
     *
     * @return the metrics of an engine for which none were chosen
     */
    static EngineMetrics none() {
        return NoMetrics.INSTANCE;
    }
}
