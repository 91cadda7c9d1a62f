package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.MessageId;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import org.junit.jupiter.api.Test;

class SendResultTest {
    private static final MessageId ID = new MessageId(1, 2);
    private static final Refusal WHY = new Refusal(Refusal.Reason.MESSAGE_TOO_LARGE, "length=5 maxMessageBytes=4");

    @Test
    void shouldGiveTheIdOfAnAcceptedMessage() {
        SendResult result = new SendResult.Accepted(ID);

        assertThat(result.isAccepted()).isTrue();
        assertThat(result.orElseThrow()).isEqualTo(ID);
    }

    @Test
    void shouldThrowTheRefusalWhenAskedForTheId() {
        SendResult result = new SendResult.Refused(WHY);

        assertThat(result.isAccepted()).isFalse();
        assertThatExceptionOfType(SendRefusedException.class)
                .isThrownBy(result::orElseThrow)
                .withMessage("send was refused: reason=MESSAGE_TOO_LARGE length=5 maxMessageBytes=4")
                .satisfies(e -> assertThat(e.refusal()).isEqualTo(WHY));
    }
}
