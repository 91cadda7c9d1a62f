package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.InvalidReceiptException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptHandleTest {
    private static byte[] someBytes(long seed) {
        byte[] bytes = new byte[ReceiptHandle.LENGTH];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void shouldReadWhatItWrites() {
        for (long seed = 0; seed < 100; seed++) {
            ReceiptHandle receipt = ReceiptHandle.of(someBytes(seed));

            assertThat(ReceiptHandle.parse(receipt.toString()))
                    .isEqualTo(receipt)
                    .hasSameHashCodeAs(receipt);
            assertThat(receipt.bytes()).isEqualTo(someBytes(seed));
        }
    }

    @Test
    void shouldBeSafeInAUrl() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(ReceiptHandle.of(someBytes(seed)).toString()).matches("[A-Za-z0-9_-]{54}");
        }
    }

    @Test
    void shouldCopyInAndOut() {
        byte[] bytes = someBytes(1);
        ReceiptHandle receipt = ReceiptHandle.of(bytes);

        bytes[0]++;
        receipt.bytes()[1]++;

        assertThat(receipt.bytes()).isEqualTo(someBytes(1));
    }

    @Test
    void shouldDifferWhereBytesDiffer() {
        assertThat(ReceiptHandle.of(someBytes(1))).isNotEqualTo(ReceiptHandle.of(someBytes(2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 39, 41, 100_000})
    void shouldRefuseAnotherNumberOfBytes(int length) {
        assertThatExceptionOfType(InvalidReceiptException.class)
                .isThrownBy(() -> ReceiptHandle.of(new byte[length]))
                .withMessageStartingWith("receipt is malformed: receipt=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "!", "not a receipt", "AAAA", "\u0000"})
    void shouldRefuseTextThatIsNoReceipt(String text) {
        assertThatExceptionOfType(InvalidReceiptException.class).isThrownBy(() -> ReceiptHandle.parse(text));
    }

    @Test
    void shouldRefuseASecondSpellingOfTheSameBytes() {
        String text = ReceiptHandle.of(new byte[ReceiptHandle.LENGTH]).toString();

        assertThatExceptionOfType(InvalidReceiptException.class).isThrownBy(() -> ReceiptHandle.parse(text + "=="));
        assertThatExceptionOfType(InvalidReceiptException.class)
                .isThrownBy(() -> ReceiptHandle.parse(text.substring(0, 53) + "B"));
    }
}
