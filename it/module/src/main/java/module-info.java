/** A user's module. */
module example.module {
    requires io.millrace.api;
    requires io.millrace.engine;
}
