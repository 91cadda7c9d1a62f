package io.millrace.bench.compare;

import io.millrace.bench.report.Figures;
import io.millrace.bench.report.TextTable;
import io.millrace.bench.run.Medians;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What lasted, for people. Stateless. */
public final class SustainedReport {
    private static final double MIB = 1 << 20;

    private SustainedReport() {}

    /**
     * A table of the entrants, and a line for the disk.
     *
     * @param diskRates bytes per second of the disk by itself, before and after
     */
    public static List<String> lines(List<SustainedFigures> figures, List<Double> diskRates) {
        TextTable table = TextTable.withHeader(
                "sustained",
                "seconds",
                "messages/s",
                "slowest",
                "first quarter",
                "last quarter",
                "payload MiB/s",
                "of the disk",
                "faults/MiB");
        double disk = Medians.of(diskRates);
        for (SustainedFigures one : figures) {
            table.row(
                    one.entrant().name(),
                    Figures.decimal(one.seconds(), 1),
                    Figures.count(Math.round(one.messagesPerSecond())),
                    Figures.count(Math.round(one.measured().slowest())),
                    Figures.count(Math.round(one.firstQuarter())),
                    Figures.count(Math.round(one.lastQuarter())),
                    Figures.decimal(one.payloadBytesPerSecond() / MIB, 1),
                    Figures.decimal(one.payloadBytesPerSecond() / disk, 2),
                    Figures.decimal(one.measured().faultsPerMib(), 1));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(diskLine(diskRates));
        return lines;
    }

    static String diskLine(List<Double> diskRates) {
        return "the disk by itself, sequential write and one force: " + Figures.decimal(Medians.of(diskRates) / MIB, 0)
                + " MiB/s (" + Figures.decimal(Collections.min(diskRates) / MIB, 0) + " to "
                + Figures.decimal(Collections.max(diskRates) / MIB, 0) + ")";
    }
}
