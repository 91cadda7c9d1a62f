package io.millrace.bench.cli;

import io.millrace.bench.directory.InspectionJson;
import io.millrace.bench.directory.StoredDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Shows what is in the directory of an engine: manifest, segments, queues.",
            "Reads only, maps nothing, locks nothing: the directory may be open in an engine, damaged, a copy, or"
                    + " read-only."
        })
final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = DirectoryReading.PARAMETER, description = "the directory of an engine")
    private Path directory = Path.of("");

    @Option(names = "--holes", description = "list every place without a record: free, torn or damaged")
    private boolean holes;

    @Option(names = "--json", paramLabel = "FILE", description = "write what was found to this file, too")
    private @Nullable Path json;

    InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        DirectoryReading.requireDirectory(directory);
        Optional<FiguresFile> file = Optional.ofNullable(json).map(path -> FiguresFile.at("--json", path));
        StoredDirectory found = DirectoryReading.read("inspect", directory, terminal);
        terminal.out().println("inspect: directory=" + found.path());
        print(found.manifestLines());
        print(found.segmentLines());
        if (holes) {
            print(found.holeLines());
        }
        print(found.queueLines());
        List<String> damages = found.damageLines();
        if (!damages.isEmpty()) {
            print(List.of("damages=" + damages.size() + ", listed by millrace verify; the first:", damages.get(0)));
        }
        file.ifPresent(target -> target.write(writer -> InspectionJson.write(found, holes, writer)));
        return Millrace.OK;
    }

    private void print(List<String> lines) {
        if (!lines.isEmpty()) {
            terminal.out().println();
        }
        lines.forEach(terminal.out()::println);
    }
}
