package io.millrace.stress.images;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.MessageState;
import io.millrace.stress.Sent;
import io.millrace.testkit.TestEngine;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was promised, held against what is found. */
class PromisesTest {
    private static final String QUEUE = "plain";
    private static final long LATER_MS = 1_000;

    private final Promises promises = new Promises();

    PromisesTest() {
        promises.queue(QUEUE).making(Plan.config(QUEUE));
        promises.queue(QUEUE).made();
    }

    private PromisedMessage sending(int number) {
        return promises.sending(new PromisedMessage(number, 10, QUEUE, 0));
    }

    private PromisedMessage sent(int number) {
        PromisedMessage message = sending(number);
        promises.sent(message, "id-" + number);
        return message;
    }

    private static Seen seen(int number) {
        return new Seen(number, QUEUE, "id-" + number, MessageState.VISIBLE, 0);
    }

    private void check(Seen... found) {
        Map<Integer, Seen> messages = new LinkedHashMap<>();
        for (Seen each : found) {
            messages.put(each.number(), each);
        }
        Map<String, Contents.Facts> queues = new HashMap<>();
        queues.put(QUEUE, new Contents.Facts(Plan.config(QUEUE), Map.of()));
        promises.check(new Contents(queues, messages), LATER_MS);
    }

    @Test
    void shouldAcceptWhatWasPromised() {
        sent(1);
        sent(2);

        assertThatCode(() -> check(seen(1), seen(2))).doesNotThrowAnyException();
    }

    @Test
    void shouldObjectToALostMessage() {
        sent(1);

        assertThatThrownBy(this::check).hasMessageContaining("lost");
    }

    @Test
    void shouldLeaveOpenWhetherAMessageIsThereThatIsBeingSent() {
        sending(1);

        assertThatCode(this::check).doesNotThrowAnyException();
        assertThatCode(() -> check(seen(1))).doesNotThrowAnyException();
    }

    @Test
    void shouldObjectToAnInventedMessage() {
        assertThatThrownBy(() -> check(seen(1))).hasMessageContaining("nobody has sent");
    }

    @Test
    void shouldObjectToAMessageThatCameBack() {
        sent(1).end(true);

        assertThatThrownBy(() -> check(seen(1))).hasMessageContaining("came back");
    }

    @Test
    void shouldAcceptWhatWasAcknowledgedWithoutWaitingForTheDisk() {
        sent(1).end(false);

        assertThatCode(this::check).doesNotThrowAnyException();
        assertThatCode(() -> check(seen(1))).doesNotThrowAnyException();
    }

    @Test
    void shouldObjectToAnotherId() {
        sent(1);

        assertThatThrownBy(() -> check(new Seen(1, QUEUE, "id-2", MessageState.VISIBLE, 0)))
                .hasMessageContaining("another id");
    }

    @Test
    void shouldObjectToReceivesThatNobodyDid() {
        sent(1);

        assertThatThrownBy(() -> check(new Seen(1, QUEUE, "id-1", MessageState.VISIBLE, 1)))
                .hasMessageContaining("too often");
    }

    @Test
    void shouldObjectToAnEarlyMessage() {
        promises.sent(promises.sending(new PromisedMessage(1, 10, QUEUE, LATER_MS + 1)), "id-1");

        assertThatThrownBy(() -> check(seen(1))).hasMessageContaining("early");
    }

    @Test
    void shouldObjectToAnotherOrder() {
        sent(1);
        sent(2);

        assertThatThrownBy(() -> check(seen(2), seen(1))).hasMessageContaining("behind");
    }

    @Test
    void shouldObjectToALostQueue() {
        assertThatThrownBy(() -> promises.check(new Contents(Map.of(), Map.of()), LATER_MS))
                .hasMessageContaining("queue is lost");
    }

    @Test
    void shouldObjectToADamagedBody() {
        try (TestEngine engine = TestEngine.inMemory()) {
            MessageQueue queue = engine.queue(QUEUE);
            byte[] payload = Sent.payload(3, 50);
            payload[40] ^= 1;
            queue.send(Message.bytes(payload));

            assertThatThrownBy(() -> Contents.of(engine)).hasMessageContaining("not as it was sent");
        }
    }
}
