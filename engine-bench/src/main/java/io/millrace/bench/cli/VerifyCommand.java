package io.millrace.bench.cli;

import io.millrace.bench.directory.StoredDirectory;
import io.millrace.bench.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Reads every byte of an engine's directory that must be right, and lists what is not. Ends with code 1 if"
                    + " anything is damaged.",
            "Reads only, maps nothing, locks nothing. What an engine that ended without warning had not finished"
                    + " writing is listed as torn, and is no damage: nobody was promised that it is there."
        })
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = DirectoryReading.PARAMETER, description = "the directory of an engine")
    private Path directory = Path.of("");

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        StoredDirectory found = DirectoryReading.read("verify", directory, terminal);
        PrintWriter out = terminal.out();
        if (!found.doMarksCount()) {
            out.println("note: the machine has gone down, or is another one, since an engine wrote there that never"
                    + " forced: what is missing may never have been on the disk, and counts as torn");
        }
        found.unlistedFiles()
                .forEach(file -> out.println("note: not in the manifest, the next opening removes it: file=" + file));
        found.tornLines().forEach(out::println);
        List<String> damages = found.damageLines();
        out.println("verify: bytes=" + Figures.count(found.totalBytes()) + " records="
                + Figures.count(found.recordCount()) + " damages=" + damages.size());
        if (damages.isEmpty()) {
            out.println("verify: OK");
            return Millrace.OK;
        }
        out.flush();
        damages.forEach(terminal.err()::println);
        terminal.err().println("verify: DAMAGED");
        return Millrace.FAILED;
    }
}
