package io.millrace.bench.compare;

import io.millrace.bench.run.Measured;

/**
 * What somebody came to who worked for a time without a break. Immutable.
 *
 * @param entrant who
 * @param seconds how long
 * @param messagesPerSecond over the whole time
 * @param firstQuarter messages per second, median of the rounds in the first quarter
 * @param lastQuarter the same in the last quarter
 * @param payloadBytesPerSecond bytes of payload over the whole time
 * @param measured the rounds
 */
public record SustainedFigures(
        Entrant entrant,
        double seconds,
        double messagesPerSecond,
        double firstQuarter,
        double lastQuarter,
        double payloadBytesPerSecond,
        Measured measured) {}
