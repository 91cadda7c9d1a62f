package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorsTest {
    private static final Path DATA = Path.of("/data");
    private static final Refusal BACKLOG = new Refusal(Refusal.Reason.BACKLOG_LIMIT, "queue=orders maxBacklog=1000");

    @Test
    void shouldNameWhatIsClosed() {
        assertThat(new EngineClosedException("engine is closed")).hasMessage("engine is closed");
        assertThat(new EngineClosedException("queue", "orders")).hasMessage("queue is closed: queue=orders");
    }

    @Test
    void shouldNameTheUnknownQueue() {
        UnknownQueueException e = new UnknownQueueException("a\nb");

        assertThat(e).hasMessage("queue does not exist: queue=a\\u000ab");
        assertThat(e.queue()).isEqualTo("a\nb");
    }

    @Test
    void shouldNameTheConflictAndTheWayOut() {
        ConfigurationConflictException e = new ConfigurationConflictException(
                "queue=orders", "visibilityTimeout", "PT30S", "PT5S", "queue.admin().update(...)");

        assertThat(e)
                .hasMessage("configuration differs from the existing one: queue=orders component=visibilityTimeout"
                        + " existing=PT30S requested=PT5S; to change it call queue.admin().update(...)");
        assertThat(e.component()).isEqualTo("visibilityTimeout");
        assertThat(e.existing()).isEqualTo("PT30S");
        assertThat(e.requested()).isEqualTo("PT5S");
        assertThat(e.remedy()).isEqualTo("queue.admin().update(...)");
    }

    @Test
    void shouldSayWhyItWasRefused() {
        SendRefusedException send = new SendRefusedException(BACKLOG);
        ReceiveRefusedException receive = new ReceiveRefusedException(new Refusal(Refusal.Reason.IN_FLIGHT_LIMIT, ""));

        assertThat(send).hasMessage("send was refused: reason=BACKLOG_LIMIT queue=orders maxBacklog=1000");
        assertThat(send.refusal()).isEqualTo(BACKLOG);
        assertThat(receive).hasMessage("receive was refused: reason=IN_FLIGHT_LIMIT");
    }

    @Test
    void shouldKnowWhichRefusalsPass() {
        assertThat(Refusal.Reason.values())
                .filteredOn(reason -> !reason.isTransient())
                .containsExactly(Refusal.Reason.MESSAGE_TOO_LARGE);
        assertThat(BACKLOG.isTransient()).isTrue();
    }

    @Test
    void shouldShowAtMost64CharactersOfAReceipt() {
        InvalidReceiptException e = new InvalidReceiptException("receipt is malformed", "r".repeat(1_000));

        assertThat(e).hasMessage("receipt is malformed: receipt=" + "r".repeat(64) + "...");
        assertThat(e.reason()).isEqualTo("receipt is malformed");
    }

    @Test
    void shouldNotBeFatalByDefault() {
        assertThat(new UnknownQueueException("orders").isFatal()).isFalse();
    }

    @Test
    void shouldSayWhoHasTheDirectoryOpen() {
        DirectoryInUseException here = DirectoryInUseException.byThisProcess(DATA);
        DirectoryInUseException there = DirectoryInUseException.byAnotherProcess(DATA, OptionalLong.of(42));
        DirectoryInUseException somewhere = DirectoryInUseException.byAnotherProcess(DATA, OptionalLong.empty());

        assertThat(here)
                .hasMessage("directory is open in this process already: path=/data;"
                        + " close the engine that has it, or use that engine");
        assertThat(here.isThisProcess()).isTrue();
        assertThat(here.pid()).isEmpty();
        assertThat(there)
                .hasMessage("directory is open in another process: path=/data pid=42;"
                        + " end that process, or open another directory");
        assertThat(there.isThisProcess()).isFalse();
        assertThat(there.pid()).hasValue(42);
        assertThat(somewhere).hasMessageContaining("pid=unknown");
    }

    @Test
    void shouldSayWhatIsThereInsteadOfADirectoryOfAnEngine() {
        NotEngineDirectoryException e =
                new NotEngineDirectoryException(DATA, "a\nb", "give an empty directory or a new one");

        assertThat(e)
                .hasMessage("not a directory of an engine: path=/data found=a\\u000ab;"
                        + " give an empty directory or a new one");
        assertThat(e.found()).isEqualTo("a\nb");
    }

    @Test
    void shouldNameBothBuilds() {
        DirectoryFormatException e = new DirectoryFormatException(DATA, "1/0.2.0", "0/0.1.0");

        assertThat(e)
                .hasMessage("directory was written by another build: path=/data found=1/0.2.0 expected=0/0.1.0;"
                        + " open it with the build that wrote it, or give another directory");
        assertThat(e.found()).isEqualTo("1/0.2.0");
        assertThat(e.expected()).isEqualTo("0/0.1.0");
    }

    @Test
    void shouldSayWhatIsDamagedAndWhere() {
        DirectoryDamagedException manifest = new DirectoryDamagedException(DATA, "manifest", "checksum differs");
        CorruptLogException log = new CorruptLogException(DATA, "segment-00000003", 64, 4096, "commit word is missing");

        assertThat(manifest)
                .hasMessage("directory is damaged: path=/data file=manifest problem=checksum differs;"
                        + " restore it from a backup, or save what is sound with: millrace salvage");
        assertThat(manifest.file()).isEqualTo("manifest");
        assertThat(manifest.problem()).isEqualTo("checksum differs");
        assertThat(log)
                .hasMessage("log is damaged: path=/data file=segment-00000003 from=64 to=4096"
                        + " problem=commit word is missing;"
                        + " restore it from a backup, or save what is sound with: millrace salvage");
        assertThat(log.file()).isEqualTo("segment-00000003");
        assertThat(log.fromOffset()).isEqualTo(64);
        assertThat(log.toOffset()).isEqualTo(4096);
        assertThat(log.problem()).isEqualTo("commit word is missing");
    }

    @Test
    void shouldSayWhatIsUnsafeAndWhatAllowsIt() {
        UnsafeDirectoryException e =
                new UnsafeDirectoryException(DATA, "owner=mallory", "or call allowSharedDirectory()");

        assertThat(e).hasMessage("directory is not safe: path=/data owner=mallory; or call allowSharedDirectory()");
        assertThat(e.problem()).isEqualTo("owner=mallory");
    }

    @Test
    void shouldSayWhatTheDiskDoesNotAllow() {
        assertThat(new ReadOnlyDirectoryException(DATA, disk()))
                .hasMessage("directory is read-only: path=/data; make it writable for this process;"
                        + " to look at it, millrace inspect needs to read only")
                .hasRootCauseMessage("Input/output error");
        assertThat(new NoSpaceException(DATA, disk()))
                .hasMessage("disk is full: path=/data; make room on it or raise the quota, then open again")
                .hasRootCauseMessage("Input/output error");
    }

    @Test
    void shouldBeFatalWhenTheEngineHasFailed() {
        EngineFailedException e = new EngineFailedException("force failed: file=segment-00000003", disk());

        assertThat(e)
                .hasMessage("engine has failed: force failed: file=segment-00000003;"
                        + " close it, look at the disk, then open the directory again")
                .hasRootCauseMessage("Input/output error");
        assertThat(e.isFatal()).isTrue();
    }

    static Stream<DirectoryException> directoryExceptions() {
        return Stream.of(
                DirectoryInUseException.byAnotherProcess(DATA, OptionalLong.of(42)),
                new NotEngineDirectoryException(DATA, "a", "b"),
                new DirectoryFormatException(DATA, "a", "b"),
                new DirectoryDamagedException(DATA, "a", "b"),
                new CorruptLogException(DATA, "a", 1, 2, "b"),
                new UnsafeDirectoryException(DATA, "a", "b"),
                new ReadOnlyDirectoryException(DATA, disk()),
                new NoSpaceException(DATA, disk()));
    }

    @ParameterizedTest
    @MethodSource("directoryExceptions")
    void shouldTravelWithTheirDirectory(DirectoryException e) throws Exception {
        DirectoryException copy = (DirectoryException) travelled(e);

        assertThat(copy.path()).isEqualTo(DATA);
        assertThat(copy).hasMessage(e.getMessage());
        assertThat(copy.isFatal()).isFalse();
    }

    @Test
    void shouldTravelWithTheirRefusal() throws Exception {
        SendRefusedException copy = (SendRefusedException) travelled(new SendRefusedException(BACKLOG));

        assertThat(copy.refusal()).isEqualTo(BACKLOG);
    }

    private static IOException disk() {
        return new IOException("Input/output error");
    }

    private static Object travelled(Object object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}
