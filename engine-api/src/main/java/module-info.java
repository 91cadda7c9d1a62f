import org.jspecify.annotations.NullMarked;

/**
 * The words that users of Millrace say: messages, queues, configurations, results, errors and the zero-allocation tier.
 *
 * <p>Nothing here does any messaging; the engine implements these interfaces. Nothing may be null unless it says so.
 */
@NullMarked
@SuppressWarnings("module") // the engine's modules are built after this one
module io.millrace.api {
    requires static transitive org.jspecify;
    // For the engine, which as an automatic module cannot ask for it: JDK 17 to 21 free direct memory with it.
    requires jdk.unsupported;

    exports io.millrace.api;
    exports io.millrace.api.queue;
    exports io.millrace.api.raw;
    exports io.millrace.api.check to
            io.millrace.core,
            io.millrace.queue,
            io.millrace.engine;
}
