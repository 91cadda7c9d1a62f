package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.MessageId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PeekedMessageTest {
    private static final MessageId ID = new MessageId(0, 1);

    private static PeekedMessage peeked(int receiveCount, byte[] bytes) {
        Attributes attributes = Attributes.of("k", Attribute.string("hidden"));
        return new PeekedMessage(ID, MessageState.VISIBLE, receiveCount, Instant.EPOCH, attributes, bytes);
    }

    @Test
    void shouldCopyThePayloadInAndOut() {
        byte[] bytes = {'a', 'b'};
        PeekedMessage peeked = peeked(0, bytes);

        bytes[0] = 'x';
        peeked.bytes()[1] = 'x';

        assertThat(peeked.text()).isEqualTo("ab");
    }

    @Test
    void shouldBeEqualByContent() {
        assertThat(peeked(1, new byte[] {1}))
                .isEqualTo(peeked(1, new byte[] {1}))
                .hasSameHashCodeAs(peeked(1, new byte[] {1}))
                .isNotEqualTo(peeked(1, new byte[] {2}))
                .isNotEqualTo(peeked(2, new byte[] {1}));
    }

    @Test
    void shouldNotShowThePayload() {
        assertThat(peeked(2, new byte[] {'s'}))
                .hasToString("id=00000000-0000-0000-0000-000000000001 state=VISIBLE receiveCount=2"
                        + " sentAt=1970-01-01T00:00:00Z attributes={k=String length=6} length=1");
    }

    @Test
    void shouldRefuseBadComponents() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peeked(-1, new byte[1]))
                .withMessage("receiveCount must be at least 0: receiveCount=-1");
    }
}
