package io.millrace.api;

/** Shows nothing. Stateless. */
enum NoMetrics implements EngineMetrics {
    INSTANCE;

    @Override
    public Registration register(EngineMeter meter) {
        return () -> {};
    }
}
