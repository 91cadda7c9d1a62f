package io.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTest {
    @Nested
    class Strings {
        @Test
        void shouldKeepText() {
            Attribute attribute = Attribute.string("Zürich");

            assertThat(attribute.kind()).isEqualTo(Attribute.Kind.STRING);
            assertThat(attribute.typeName()).isEqualTo("String");
            assertThat(attribute.text()).isEqualTo("Zürich");
            assertThat(attribute.bytes()).isEqualTo("Zürich".getBytes(UTF_8));
            assertThat(attribute.length()).isEqualTo(7);
        }

        @Test
        void shouldRefuseEmptyText() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.string(""))
                    .withMessage("value must not be empty: length=0");
        }

        @Test
        void shouldRefuseHalfASurrogatePair() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.string("ab\uD83D"))
                    .withMessage("value must not contain half a surrogate pair: index=2");
        }

        @Test
        void shouldHaveNoNumber() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Attribute.string("1").number())
                    .withMessage("attribute has no number: kind=STRING");
        }
    }

    @Nested
    class Binaries {
        @Test
        void shouldCopyInAndOut() {
            byte[] bytes = {1, 2, 3};
            Attribute attribute = Attribute.binary(bytes);

            bytes[0] = 9;
            attribute.bytes()[1] = 9;

            assertThat(attribute.bytes()).containsExactly(1, 2, 3);
            assertThat(attribute.typeName()).isEqualTo("Binary");
        }

        @Test
        void shouldRefuseNoBytes() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.binary(new byte[0]))
                    .withMessage("value must not be empty: length=0");
        }

        @Test
        void shouldHaveNoText() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Attribute.binary(new byte[] {65}).text())
                    .withMessage("attribute has no text: kind=BINARY");
        }
    }

    @Nested
    class Numbers {
        private static final String DIGITS_38 = "12345678901234567890123456789012345678";

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0",
                    "-0",
                    "+1",
                    "007",
                    "1.50",
                    "1.",
                    ".5",
                    "1e126",
                    "-1E+126",
                    "1e-128",
                    "0.00",
                    DIGITS_38,
                    "-" + DIGITS_38 + "000",
                    "0.000" + DIGITS_38,
                })
        void shouldKeepTheTextAsItWasGiven(String text) {
            Attribute attribute = Attribute.number(text);

            assertThat(attribute.kind()).isEqualTo(Attribute.Kind.NUMBER);
            assertThat(attribute.typeName()).isEqualTo("Number");
            assertThat(attribute.text()).isEqualTo(text);
            assertThat(attribute.number()).isEqualByComparingTo(new BigDecimal(text));
        }

        @Test
        void shouldAcceptTheLargestNumberWithoutExponent() {
            String text = "1" + "0".repeat(126);

            assertThat(Attribute.number(text).text()).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "1 ",
                    " 1",
                    "one",
                    "1,5",
                    "0x1F",
                    "1e",
                    "e5",
                    ".",
                    "-",
                    "--1",
                    "1.2.3",
                    "NaN",
                    "Infinity",
                    "1f",
                    "1_000",
                    "١٢",
                    "1e9999999999",
                })
        void shouldRefuseWhatIsNoNumber(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.number(text))
                    .withMessageStartingWith("number must be decimal digits")
                    .withMessageEndingWith("text=" + text);
        }

        @Test
        void shouldRefuseTextThatIsTooLongToRead() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.number("0".repeat(257)))
                    .withMessageContaining("at most 256 characters");
        }

        @Test
        void shouldRefuseThirtyNineSignificantDigits() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.number("0." + DIGITS_38 + "1"))
                    .withMessage("number must have at most 38 significant digits: digits=39");
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.1e126", "-1e127", "9.9e-129", "1000e999999999", "1e-999999999", "0e127", "0e-129"})
        void shouldRefuseMagnitudesOutOfRange(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.number(text))
                    .withMessageStartingWith(
                            "number must be zero or have a magnitude between 1e-128 and 1e126: exponent=");
        }

        @Test
        void shouldWriteLongsAndDecimals() {
            assertThat(Attribute.number(Long.MIN_VALUE).text()).isEqualTo("-9223372036854775808");
            assertThat(Attribute.number(new BigDecimal("1.50")).text()).isEqualTo("1.50");
            assertThat(Attribute.number(new BigDecimal("1E+30")).text()).isEqualTo("1E+30");
        }

        @Test
        void shouldCompareByText() {
            assertThat(Attribute.number("1.50")).isNotEqualTo(Attribute.number("1.5"));
        }
    }

    @Nested
    class Suffixes {
        @Test
        void shouldStandBehindTheKind() {
            Attribute attribute = Attribute.number(7).withSuffix("int");

            assertThat(attribute.suffix()).isEqualTo("int");
            assertThat(attribute.typeName()).isEqualTo("Number.int");
            assertThat(attribute.number()).isEqualByComparingTo("7");
        }

        @Test
        void shouldGoAwayWhenEmpty() {
            Attribute attribute = Attribute.number(7);

            assertThat(attribute.withSuffix("int").withSuffix("")).isEqualTo(attribute);
        }

        @Test
        void shouldLeaveTheTypeNameAtMost256Characters() {
            assertThat(Attribute.string("x").withSuffix("s".repeat(249)).typeName())
                    .hasSize(256);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attribute.string("x").withSuffix("s".repeat(250)))
                    .withMessage("suffix must have at most 249 characters: length=250");
        }
    }

    @Test
    void shouldBeEqualByContent() {
        assertThat(Attribute.string("a"))
                .isEqualTo(Attribute.string("a"))
                .hasSameHashCodeAs(Attribute.string("a"))
                .isNotEqualTo(Attribute.string("b"))
                .isNotEqualTo(Attribute.string("a").withSuffix("x"))
                .isNotEqualTo(Attribute.binary(new byte[] {'a'}));
    }

    @Test
    void shouldNotShowTheValue() {
        assertThat(Attribute.string("secret").withSuffix("key")).hasToString("String.key length=6");
    }
}
