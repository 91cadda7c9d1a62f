package io.millrace.stress.mutants;

/** What catches a planted bug: a fast test of our own, or a jcstress test. Immutable. */
public sealed interface Catcher permits Detector, StressTest {}
