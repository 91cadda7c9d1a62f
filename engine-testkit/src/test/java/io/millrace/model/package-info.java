/**
 * The sequential oracle of the standard queue, and random histories in which the engine must agree with it, answer by
 * answer.
 *
 * <p>The oracle knows nothing of slots, segments or threads. Everything runs on the thread of the test. Start reading at
 * {@link io.millrace.model.QueueModel}.
 */
package io.millrace.model;
