/**
 * What tests need, ours and those of users: engines on a clock that the test moves, and a check that nothing is left behind.
 *
 * <p>No engine code: a {@link io.millrace.testkit.TestEngine} is the real engine, opened differently. Everything runs on the
 * test's own threads. Start reading at {@link io.millrace.testkit.ManualClock}.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
