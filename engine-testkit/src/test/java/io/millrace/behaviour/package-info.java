/**
 * What users may rely on, said with the public API alone: one class for each situation, one test for each sentence.
 *
 * <p>Nothing of the engine's inside is named here. Tests run on a manual clock and one thread where they can. Start reading at
 * {@link io.millrace.behaviour.SendReceiveTest}.
 */
package io.millrace.behaviour;
