package io.millrace.bench.cli;

import io.millrace.api.EngineException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** The command {@code millrace}, which does nothing itself but has the others below it. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = "Queues inside your process: see them work, measure them, and look at what they keep.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the command failed, or found damage", "2:wrong usage", "130:interrupted"})
public final class Millrace {
    /** The command has done what it should. */
    static final int OK = 0;

    /** The command could not do it, or found something wrong. */
    static final int FAILED = 1;

    /** What a shell makes of Ctrl-C. */
    static final int INTERRUPTED = 130;

    private Millrace() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        System.exit(OrderlyEnd.of(() -> run(Terminal.ofProcess(), args)));
    }

    /** Runs the command line on this thread; the exit code. */
    static int run(Terminal terminal, String... args) {
        CommandLine scale = new CommandLine(new ScaleBenchCommand(terminal));
        scale.getCommandSpec().usageMessage().footer(ScaleBenchCommand.needs());
        CommandLine bench = new CommandLine(new BenchCommand())
                .addSubcommand(new QueueBenchCommand(terminal))
                .addSubcommand(scale)
                .addSubcommand(new CompareBenchCommand(terminal))
                .addSubcommand(new RecoveryBenchCommand(terminal))
                .addSubcommand(new JmhBenchCommand(terminal));
        return new CommandLine(new Millrace())
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(bench)
                .addSubcommand(new ProofCommand(terminal))
                .addSubcommand(new InspectCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal))
                .addSubcommand(new SalvageCommand(terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((mistake, arguments) -> refuse(mistake, mistake.getCommandLine()))
                .setExecutionExceptionHandler(Millrace::explain)
                .execute(args);
    }

    private static int refuse(Exception mistake, CommandLine command) {
        command.getErr().println(mistake.getMessage());
        command.usage(command.getErr());
        return ExitCode.USAGE;
    }

    /** Says what went wrong; a stack trace only if that is a mistake of ours. */
    private static int explain(Exception failure, CommandLine command, ParseResult arguments) {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof UsageException) {
            return refuse(failure, command);
        }
        if (failure instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
            command.getErr().println(name + ": interrupted");
            return INTERRUPTED;
        }
        command.getErr().println(name + ": FAILED: " + failure.getMessage());
        if (!(failure instanceof EngineException)) {
            failure.printStackTrace(command.getErr());
        }
        return FAILED;
    }
}
