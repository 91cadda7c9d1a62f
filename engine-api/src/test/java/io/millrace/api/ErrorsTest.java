package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class ErrorsTest {
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
    void shouldTravelWithTheirRefusal() throws Exception {
        SendRefusedException copy = (SendRefusedException) travelled(new SendRefusedException(BACKLOG));

        assertThat(copy.refusal()).isEqualTo(BACKLOG);
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
