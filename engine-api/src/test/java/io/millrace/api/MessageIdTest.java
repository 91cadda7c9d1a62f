package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {
    private static final String TEXT = "0190d5a2-7c31-4a5e-9b1f-3c2d1e0f9a8b";

    @Test
    void shouldReadWhatItWrites() {
        MessageId id = new MessageId(0x0190d5a27c314a5eL, 0x9b1f3c2d1e0f9a8bL);

        assertThat(id).hasToString(TEXT);
        assertThat(MessageId.parse(TEXT)).isEqualTo(id);
    }

    @Test
    void shouldWriteLeadingZeros() {
        assertThat(new MessageId(0, 0)).hasToString("00000000-0000-0000-0000-000000000000");
    }

    @Test
    void shouldReadUpperCaseDigits() {
        assertThat(MessageId.parse("0190D5A2-7C31-4A5E-9B1F-3C2D1E0F9A8B")).isEqualTo(MessageId.parse(TEXT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "0190d5a2-7c31-4a5e-9b1f-3c2d1e0f9a8",
                "0190d5a2-7c31-4a5e-9b1f-3c2d1e0f9a8bb",
                "0190d5a27-c31-4a5e-9b1f-3c2d1e0f9a8b",
                "0190d5a2-7c31-4a5e-9b1f-3c2d1e0f9a8g",
                "0190d5a207c3104a5e09b1f03c2d1e0f9a8b",
                "-190d5a2-7c31-4a5e-9b1f-3c2d1e0f9a8b",
            })
    void shouldRefuseTextThatIsNoId(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageId.parse(text))
                .withMessageStartingWith("message id must be 36 characters")
                .withMessageContaining("text=");
    }
}
