package io.millrace.bench.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.bench.report.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A comparison as a page that stands by itself: the charting library is part of it, and nothing is fetched when somebody looks.
 * Stateless.
 */
public final class ComparisonPage {
    /** Of the version that the build names; {@code ComparisonPageTest} fails where the two differ. */
    private static final String LIBRARY = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222; }
            table { border-collapse: collapse; margin: 1rem 0 2rem; font-variant-numeric: tabular-nums; }
            th, td { padding: .2rem .8rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
            th:first-child, td:first-child { text-align: left; }
            .chart { position: relative; width: 100%; }
            pre { background: #f5f5f5; padding: .6rem; white-space: pre-wrap; }
            """;

    /** Draws a bar from zero to each median, and over it a thin one from the slowest round to the fastest. */
    private static final String DRAW = """
            for (const heat of HEATS) {
              new Chart(document.getElementById(heat.id), {
                type: 'bar',
                data: { labels: heat.names, datasets: [
                  { label: 'median', data: heat.medians, order: 2, grouped: false, barPercentage: 0.8,
                    backgroundColor: heat.ours.map(ours => ours ? '#2a6f97' : '#b0b7bd') },
                  { label: 'slowest to fastest round', data: heat.ranges, order: 1, grouped: false, barThickness: 3,
                    backgroundColor: '#d1495b' }
                ] },
                options: { indexAxis: 'y', animation: false, maintainAspectRatio: false,
                  scales: { x: { beginAtZero: true, title: { display: true, text: 'messages per second' } } } }
              });
            }
            """;

    private ComparisonPage() {}

    /**
     * Writes the page and closes the target.
     *
     * @param environment names and values of what the figures depend on
     * @param figures of all heats
     * @param notes lines below the charts, as they are
     */
    public static void write(
            Map<String, String> environment, List<ComparedFigures> figures, List<String> notes, Writer target)
            throws IOException {
        Map<Heat, List<ComparedFigures>> heats = new LinkedHashMap<>();
        figures.forEach(one ->
                heats.computeIfAbsent(one.heat(), any -> new ArrayList<>()).add(one));
        try (Writer page = target) {
            page.write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    + "<title>Millrace beside others</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n"
                    + "<h1>Millrace beside others</h1>\n");
            writeEnvironment(environment, page);
            int number = 0;
            for (Map.Entry<Heat, List<ComparedFigures>> heat : heats.entrySet()) {
                writeHeat(idOf(number++), heat.getKey(), heat.getValue(), page);
            }
            if (!notes.isEmpty()) {
                page.write("<pre>" + text(String.join("\n", notes)) + "</pre>\n");
            }
            page.write("<script>\n" + library() + "\n</script>\n<script>\nconst HEATS = " + data(heats) + ";\n" + DRAW
                    + "</script>\n</body>\n</html>\n");
        }
    }

    private static String idOf(int number) {
        return "heat-" + number;
    }

    private static void writeEnvironment(Map<String, String> environment, Writer page) throws IOException {
        page.write("<table>\n");
        for (Map.Entry<String, String> one : environment.entrySet()) {
            page.write("<tr><th>" + text(one.getKey()) + "</th><td>" + text(one.getValue()) + "</td></tr>\n");
        }
        page.write("</table>\n");
    }

    private static void writeHeat(String id, Heat heat, List<ComparedFigures> figures, Writer page) throws IOException {
        final int barHeight = 34;
        final int frame = 110;
        page.write("<h2>" + text(heat.title()) + "</h2>\n<div class=\"chart\" style=\"height: "
                + (frame + barHeight * figures.size()) + "px\"><canvas id=\"" + id + "\"></canvas></div>\n");
        page.write("<table>\n");
        writeRow(
                "th",
                List.of(
                        "name",
                        "messages/s",
                        "slowest",
                        "fastest",
                        "p50 us",
                        "p99 us",
                        "B/message",
                        "messages/force",
                        "faults/MiB"),
                page);
        for (ComparedFigures one : figures) {
            writeRow(
                    "td",
                    List.of(
                            one.entrant().name(),
                            Figures.count(Math.round(one.measured().messagesPerSecond())),
                            Figures.count(Math.round(one.measured().slowest())),
                            Figures.count(Math.round(one.measured().fastest())),
                            Figures.decimal(one.measured().p50Us(), 2),
                            Figures.decimal(one.measured().p99Us(), 2),
                            Figures.decimal(one.measured().allocatedBytesPerMessage(), 2),
                            Figures.decimal(one.measured().messagesPerForce(), 1),
                            Figures.decimal(one.measured().faultsPerMib(), 1)),
                    page);
        }
        page.write("</table>\n");
        writeRatios(figures, page);
    }

    private static void writeRatios(List<ComparedFigures> figures, Writer page) throws IOException {
        List<ComparedFigures> ours =
                figures.stream().filter(one -> !one.ratioTo().isEmpty()).toList();
        if (ours.isEmpty()) {
            return;
        }
        page.write("<table>\n");
        List<String> header = new ArrayList<>(List.of("times as fast as"));
        ours.forEach(one -> header.add(one.entrant().name()));
        writeRow("th", header, page);
        for (Entrant peer : ours.get(0).ratioTo().keySet()) {
            List<String> row = new ArrayList<>(List.of(peer.name()));
            for (ComparedFigures one : ours) {
                Ratio ratio = one.ratioTo().get(peer);
                row.add(ratio == null ? "-" : ComparisonReport.text(ratio));
            }
            writeRow("td", row, page);
        }
        page.write("</table>\n");
    }

    private static void writeRow(String cell, List<String> cells, Writer page) throws IOException {
        page.write("<tr>");
        for (String one : cells) {
            page.write("<" + cell + ">" + text(one) + "</" + cell + ">");
        }
        page.write("</tr>\n");
    }

    private static String text(String plain) {
        return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** No name in it holds what would end a script. */
    private static String data(Map<Heat, List<ComparedFigures>> heats) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            int number = 0;
            for (List<ComparedFigures> figures : heats.values()) {
                writeData(idOf(number++), figures, json);
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void writeData(String id, List<ComparedFigures> figures, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeArrayFieldStart("names");
        for (ComparedFigures one : figures) {
            json.writeString(one.entrant().name());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("ours");
        for (ComparedFigures one : figures) {
            json.writeBoolean(one.isMillrace());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("medians");
        for (ComparedFigures one : figures) {
            json.writeNumber(Math.round(one.measured().messagesPerSecond()));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("ranges");
        for (ComparedFigures one : figures) {
            json.writeStartArray();
            json.writeNumber(Math.round(one.measured().slowest()));
            json.writeNumber(Math.round(one.measured().fastest()));
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String library() throws IOException {
        try (InputStream in = ComparisonPage.class.getResourceAsStream(LIBRARY)) {
            if (in == null) {
                throw new IllegalStateException("the charting library is not on the class path: resource=" + LIBRARY);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
