package io.millrace.bench.demo;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import java.util.List;
import java.util.Optional;

/**
 * What a demo did. Immutable.
 *
 * @param files files that were sent
 * @param skipped which files were left out, and why
 * @param lines lines of all files together
 * @param bytes bytes of all files together
 * @param messages messages that were sent: the name of each file, and its lines
 * @param deliveries how often a message was handed to a consumer
 * @param redeliveries deliveries that were not the first from their queue
 * @param late deliveries that could not be acknowledged, since the message had gone to another consumer
 * @param deadLetters messages that were moved to the dead-letter queue
 * @param redriven messages that were moved back from there
 * @param sendingNs time that sending took, waiting for room included
 * @param totalNs time from the first message to the last
 * @param latency time from sending to the first delivery
 * @param crashes what was special because the worker was killed, if it was; what it did last it could not tell, so the
 *     figures of deliveries and dead letters are the least that there were
 * @param problems what went wrong; none if every file came back byte for byte
 */
public record DemoReport(
        int files,
        String skipped,
        long lines,
        long bytes,
        long messages,
        long deliveries,
        long redeliveries,
        long late,
        long deadLetters,
        long redriven,
        long sendingNs,
        long totalNs,
        Latency latency,
        Optional<Crashes> crashes,
        List<String> problems) {
    static DemoReport of(
            FileSender sender,
            InputFiles input,
            DemoCounters counters,
            long sendingNs,
            long totalNs,
            Optional<Crashes> crashes,
            Problems problems) {
        final List<SentFile> sent = sender.sent();
        return new DemoReport(
                sent.size(),
                leftOut(input, sender),
                sent.stream().mapToLong(SentFile::lines).sum(),
                sent.stream().mapToLong(SentFile::bytes).sum(),
                sender.messages(),
                counters.deliveries(),
                counters.redeliveries(),
                counters.lateDeliveries(),
                counters.deadLetters(),
                counters.redriven(),
                sendingNs,
                totalNs,
                Latency.of(counters),
                crashes,
                problems.toList());
    }

    /** Which files did not take part. */
    private static String leftOut(InputFiles input, FileSender sender) {
        return "too large " + (input.tooLarge() + sender.tooLarge()) + ", unreadable "
                + (input.unreadable() + sender.unreadable()) + ", links and pipes " + input.notRegular();
    }

    /**
     * Times that shares of the messages stayed within. Immutable.
     *
     * @param p50Ns half of them
     * @param p90Ns nine in ten
     * @param p99Ns all but one in a hundred
     */
    public record Latency(long p50Ns, long p90Ns, long p99Ns) {
        static Latency of(DemoCounters counters) {
            return new Latency(counters.latencyNs(50), counters.latencyNs(90), counters.latencyNs(99));
        }
    }

    /**
     * What was special because the worker was killed. Immutable.
     *
     * @param kills how often it was
     * @param whileOpening how often before it had opened the engine again
     * @param sentAgain messages sent again since the first sending was not answered; each may be there twice
     * @param cutOff pieces that were accepted and whose acknowledgement was not answered; each may have come again
     */
    public record Crashes(int kills, int whileOpening, long sentAgain, long cutOff) {}

    private static final double NS_PER_S = 1e9;

    /** Whether every file came back. */
    public boolean isOk() {
        return problems.isEmpty();
    }

    /** The figures for people. */
    public List<String> table() {
        String least = crashes.isPresent() ? ", at least" : "";
        TextTable table = TextTable.ofPairs()
                .row("files", files)
                .row("files left out", skipped)
                .row("lines", lines)
                .row("bytes", bytes)
                .row("messages sent", messages)
                .row("deliveries" + least, deliveries)
                .row("redeliveries" + least, redeliveries)
                .row("late deliveries" + least, late)
                .row("dead letters" + least, deadLetters)
                .row("redriven" + least, redriven);
        crashes.ifPresent(all -> table.row("workers killed", all.kills())
                .row("killed while opening", all.whileOpening())
                .row("sent again after a kill", all.sentAgain())
                .row("acks cut off by a kill", all.cutOff()));
        return table.row("time in all", Figures.duration(totalNs))
                .row("rate while sending", Figures.count(rate()) + " messages/s")
                .row("delivery p50", Figures.duration(latency.p50Ns()))
                .row("delivery p90", Figures.duration(latency.p90Ns()))
                .row("delivery p99", Figures.duration(latency.p99Ns()))
                .lines();
    }

    /** Messages per second while sending; the consumers keep up, since the queue holds only so many. */
    private long rate() {
        return Math.round(messages * NS_PER_S / Math.max(1, sendingNs));
    }
}
