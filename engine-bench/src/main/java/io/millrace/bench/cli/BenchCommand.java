package io.millrace.bench.cli;

import picocli.CommandLine.Command;

/** {@code millrace bench}, which has one command for each benchmark below it. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = "Measures the engine on this machine.")
final class BenchCommand {}
