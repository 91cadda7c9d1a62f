package io.millrace.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong usage: nothing runs, the mistake is named, the usage follows, exit code 2. */
class MillraceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo --consumers=0",
                "demo --consumers=-1",
                "demo --consumers=257",
                "demo --consumers=many",
                "demo --seed=x",
                "demo --max-file-bytes=0",
                "demo --max-file-bytes=99999999999",
                "demo --durability=power_loss",
                "demo --durability=disk",
                "demo --crash --durability=memory",
                "demo --input=/does/not/exist",
                "bench queue --payload=7",
                "bench queue --payload=16777217",
                "bench queue --payload=large",
                "bench queue --producers=0 --consumers=0",
                "bench queue --producers=-1",
                "bench queue --send-batch=0",
                "bench queue --consumers=-3",
                "bench queue --batch=0",
                "bench queue --messages=0",
                "bench queue --messages=-5",
                "bench queue --backlog=-1",
                "bench queue --backlog=100000000000",
                "bench queue --window=0",
                "bench queue --rounds=0",
                "bench queue --warmups=-1",
                "bench queue --tier=middle",
                "bench queue --durability=disk",
                "bench queue --durability=power_loss",
                "bench queue --durability=memory --data=/does/not/exist",
                "bench queue --durability=process-crash --data=/does/not/exist",
                "bench queue --ack-durability=process-crash",
                "bench queue --durability=process-crash --ack-durability=power-loss",
                "bench queue --durability=power-loss --ack-durability=memory",
                "bench queue --tier=raw --send-batch=2",
                "bench queue --json=/does/not/exist/figures.json",
                "bench scale --parts=elephants",
                "bench scale --queues=0",
                "bench scale --delayed=-1",
                "bench scale --in-flight=1000000001",
                "bench scale --waiting=many",
                "bench scale --waiting=1000000000",
                "bench scale --opens=0",
                "bench scale --starts=0",
                "bench scale --payload=7",
                "bench scale --rounds=0",
                "bench scale --durability=disk",
                "bench scale --json=/does/not/exist/figures.json",
                "bench compare --payload=7",
                "bench compare --producers=0 --consumers=0",
                "bench compare --producers=-1",
                "bench compare --consumers=257",
                "bench compare --batch=0",
                "bench compare --messages=0",
                "bench compare --window=1000",
                "bench compare --window=2097152",
                "bench compare --warmups=-1",
                "bench compare --rounds=0",
                "bench compare --only=nobody",
                "bench compare --heap-mib=1",
                "bench compare --durability=disk",
                "bench compare --forced-messages=0",
                "bench compare --data=/does/not/exist",
                "bench compare --sustained=60",
                "bench compare --sustained=soon",
                "bench compare --sustained-gib=0",
                "bench compare --html=/does/not/exist/page.html",
                "bench compare --json=/does/not/exist/figures.json",
                "bench recovery --messages=0",
                "bench recovery --messages=1000000000",
                "bench recovery --payload=7",
                "bench recovery --payload=1048577",
                "bench recovery --durability=memory",
                "bench recovery --durability=disk",
                "bench recovery --rounds=0",
                "bench recovery --data=/does/not/exist",
                "bench recovery --json=/does/not/exist/figures.json",
                "bench jmh --forks=-1",
                "bench jmh --warmups=-1",
                "bench jmh --iterations=0",
                "bench jmh --time-ms=0",
                "bench jmh --json=/does/not/exist/figures.json"
            })
    void shouldNameOptionAndValue(String line) {
        String[] args = line.split(" ", -1);
        String[] mistake = args[args.length - 1].split("=", 2);

        CommandRun run = CommandRun.of(args);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().findFirst().orElseThrow())
                .contains(mistake[0])
                .contains(mistake[1]);
        assertThat(run.err()).contains("Usage: millrace " + (args[0].equals("demo") ? "demo" : "bench " + args[1]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bench",
                "nonsense",
                "demo --nonsense",
                "demo nonsense",
                "bench queue 7",
                "--input",
                "inspect",
                "verify",
                "salvage",
                "salvage a",
                "inspect a b"
            })
    void shouldShowUsageForWhatItDoesNotKnow(String line) {
        CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: millrace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "verify", "salvage"})
    void shouldRefuseWhatIsNoDirectory(String command) {
        String[] args = command.equals("salvage")
                ? new String[] {command, "/does/not/exist", "/does/not/exist/either"}
                : new String[] {command, "/does/not/exist"};

        CommandRun run = CommandRun.of(args);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("DIR is not a directory: DIR=/does/not/exist")
                .contains("Usage: millrace " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue --producers=1",
                "queue --consumers=1",
                "queue --batch=1",
                "queue --send-batch=2",
                "compare --producers=1",
                "compare --consumers=1",
                "compare --batch=1"
            })
    void shouldRefuseWhatACycleCannotHave(String line) {
        String command = line.split(" ", -1)[0];
        String option = line.split(" ", -1)[1];

        CommandRun run = CommandRun.of("bench", command, "--cycle", option);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith(option.substring(0, option.indexOf('=')) + " makes no sense with --cycle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "demo --help",
                "bench --help",
                "bench queue --help",
                "bench scale --help",
                "bench compare --help",
                "bench recovery --help",
                "bench jmh --help",
                "inspect --help",
                "verify --help",
                "salvage --help",
                "--version",
                "demo --version"
            })
    void shouldHelpWhenAsked(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("millrace");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldShowDefaultsInTheHelp() {
        assertThat(CommandRun.of("bench", "queue", "--help").out())
                .contains("(default: 256)")
                .contains("(default: both)")
                .contains("(default: memory)");
    }
}
