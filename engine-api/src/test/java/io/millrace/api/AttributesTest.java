package io.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTest {
    private static final Attribute A = Attribute.string("a");
    private static final Attribute B = Attribute.number(2);

    @Test
    void shouldKeepTheOrderOfAdding() {
        Attributes attributes = Attributes.of("z", A).with("a", B).with("m", A);

        assertThat(attributes.names()).containsExactly("z", "a", "m");
        assertThat(attributes).extracting(Map.Entry::getKey).containsExactly("z", "a", "m");
    }

    @Test
    void shouldKeepThePlaceOfWhatIsReplaced() {
        Attributes attributes = Attributes.of("z", A).with("a", A).with("z", B);

        assertThat(attributes.asMap()).containsExactly(Map.entry("z", B), Map.entry("a", A));
    }

    @Test
    void shouldNotChangeTheOriginal() {
        Attributes one = Attributes.of("a", A);

        Attributes two = one.with("b", B);

        assertThat(one.size()).isEqualTo(1);
        assertThat(two.size()).isEqualTo(2);
        assertThat(Attributes.empty().isEmpty()).isTrue();
    }

    @Test
    void shouldFindByExactName() {
        Attributes attributes = Attributes.of("venue", A);

        assertThat(attributes.find("venue")).contains(A);
        assertThat(attributes.find("Venue")).isEmpty();
        assertThat(attributes.text("venue")).contains("a");
        assertThat(attributes.text("other")).isEmpty();
    }

    @Test
    void shouldRefuseTextOfBinary() {
        Attributes attributes = Attributes.of("raw", Attribute.binary(new byte[1]));

        assertThatIllegalStateException().isThrownBy(() -> attributes.text("raw"));
    }

    @Test
    void shouldCopyAMapInItsOrder() {
        Map<String, Attribute> map = new LinkedHashMap<>();
        map.put("z", A);
        map.put("a", B);
        Attributes attributes = Attributes.copyOf(map);

        map.clear();

        assertThat(attributes.names()).containsExactly("z", "a");
        assertThat(Attributes.copyOf(Map.of())).isSameAs(Attributes.empty());
    }

    @Test
    void shouldLendOnlyWhatCannotBeChanged() {
        Attributes attributes = Attributes.of("a", A);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> attributes.asMap().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> attributes.names().remove("a"));
    }

    @Test
    void shouldCountNamesTypesAndValuesInUtf8() {
        Attribute suffixed = Attribute.string("Zürich").withSuffix("é日😀");
        int expected = "größe".getBytes(UTF_8).length + "String.é日😀".getBytes(UTF_8).length + 7;

        assertThat(Attributes.of("größe", suffixed).length()).isEqualTo(expected);
        assertThat(Attributes.empty().length()).isZero();
    }

    @Test
    void shouldBeEqualInWhateverOrder() {
        assertThat(Attributes.of("a", A).with("b", B))
                .isEqualTo(Attributes.of("b", B).with("a", A))
                .hasSameHashCodeAs(Attributes.of("b", B).with("a", A))
                .isNotEqualTo(Attributes.of("a", A));
    }

    @Test
    void shouldNotShowValues() {
        assertThat(Attributes.of("key", Attribute.string("secret"))).hasToString("{key=String length=6}");
    }

    @Nested
    class Names {
        @ParameterizedTest
        @ValueSource(strings = {"a", "Z9", "a.b-c_d", "-", "_", "0", "AWS.x", "øßä", "\u00C0\u017F"})
        void shouldAccept(String name) {
            assertThat(Attributes.of(name, A).find(name)).contains(A);
        }

        @Test
        void shouldAccept256Characters() {
            assertThat(Attributes.of("n".repeat(256), A).size()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a b", ".a", "a.", ".", "a..b", "a/b", "a\u0000", "a*", "\u00BF", "\u0180", "日"})
        void shouldRefuse(String name) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attributes.of(name, A))
                    .withMessageStartingWith("attribute name must ")
                    .withMessageContaining(": name=");
        }

        @Test
        void shouldRefuse257Characters() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Attributes.copyOf(Map.of("n".repeat(257), A)))
                    .withMessage("attribute name must have 1 to 256 characters: name=" + "n".repeat(100) + "...");
        }
    }
}
