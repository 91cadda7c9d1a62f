package io.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @Test
    void shouldHoldTextAsUtf8() {
        Message message = Message.text("order 42 😀");

        assertThat(message.bytes()).isEqualTo("order 42 😀".getBytes(UTF_8));
        assertThat(message.text()).isEqualTo("order 42 😀");
        assertThat(message.length()).isEqualTo(13);
    }

    @Test
    void shouldCopyBytesInAndOut() {
        byte[] bytes = {1, 2, 3};
        Message message = Message.bytes(bytes);

        bytes[0] = 9;
        message.bytes()[1] = 9;

        assertThat(message.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void shouldReplaceWhatIsNotUtf8WhenReadAsText() {
        assertThat(Message.bytes(new byte[] {'a', (byte) 0xFF}).text()).isEqualTo("a\uFFFD");
    }

    @Test
    void shouldRefuseEmptyPayload() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Message.text(""))
                .withMessage("payload must not be empty: length=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Message.bytes(new byte[0]))
                .withMessage("payload must not be empty: length=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab\uD83D", "ab\uD83Dc", "ab\uDE00", "ab\uDE00\uD83D"})
    void shouldRefuseTextThatWouldBeChangedByEncoding(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Message.text(text))
                .withMessage("text must not contain half a surrogate pair: index=2");
    }

    @Test
    void shouldCollectAttributes() {
        Message message = Message.text("101.25")
                .with("venue", "XLON")
                .with("size", 100)
                .with("raw", Attribute.binary(new byte[] {1}));

        assertThat(message.attributes().names()).containsExactly("venue", "size", "raw");
        assertThat(message.attributes().text("size")).contains("100");
    }

    @Test
    void shouldReplaceAllAttributesAtOnce() {
        Message message = Message.text("a").with("venue", "XLON").withAttributes(Attributes.empty());

        assertThat(message.attributes().isEmpty()).isTrue();
    }

    @Test
    void shouldHaveNoDelayOfItsOwnUnlessAsked() {
        assertThat(Message.text("a").delay()).isEmpty();
        assertThat(Message.text("a").withDelay(Duration.ZERO).delay()).contains(Duration.ZERO);
        assertThat(Message.text("a").withDelay(Duration.ofNanos(1)).delay()).contains(Duration.ofMillis(1));
    }

    @Test
    void shouldRefuseDelayOutOfRange() {
        Message message = Message.text("a");

        assertThat(message.withDelay(Duration.ofDays(90)).delay()).contains(Duration.ofDays(90));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> message.withDelay(Duration.ofSeconds(-1)))
                .withMessage("delay must not be negative: delay=PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> message.withDelay(Duration.ofDays(91)))
                .withMessage("delay must be at most PT2160H: delay=PT2184H");
    }

    @Test
    void shouldCopyPayloadIntoBufferWithoutMovingIt() {
        ByteBuffer target = ByteBuffer.allocateDirect(8);

        Message.text("abc").copyTo(target, 2);

        assertThat(target.position()).isZero();
        assertThat(target.get(2)).isEqualTo((byte) 'a');
        assertThat(target.get(4)).isEqualTo((byte) 'c');
        assertThat(target.get(5)).isZero();
    }

    @Test
    void shouldRefuseToCopyBeyondTheLimit() {
        ByteBuffer target = ByteBuffer.allocate(8).limit(4);

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Message.text("abc").copyTo(target, 2));
    }

    @Test
    void shouldBeEqualByContent() {
        Message message = Message.text("a").with("k", "v").withDelay(Duration.ZERO);

        assertThat(message)
                .isEqualTo(Message.bytes(new byte[] {'a'}).with("k", "v").withDelay(Duration.ZERO))
                .hasSameHashCodeAs(Message.text("a").with("k", "v").withDelay(Duration.ZERO))
                .isNotEqualTo(Message.text("b").with("k", "v").withDelay(Duration.ZERO))
                .isNotEqualTo(Message.text("a").withDelay(Duration.ZERO))
                .isNotEqualTo(Message.text("a").with("k", "v"));
    }

    @Test
    void shouldNotShowThePayload() {
        assertThat(Message.text("secret").with("k", "hidden").withDelay(Duration.ofSeconds(1)))
                .hasToString("message length=6 attributes={k=String length=6} delay=PT1S");
    }
}
