package io.millrace.api.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sources;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CodesTest {
    private static Map<Long, String> constants() throws IllegalAccessException {
        Map<Long, String> names = new TreeMap<>();
        for (Field field : Codes.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                String other = names.put(field.getLong(null), field.getName());
                assertThat(other).as("same value as %s", field.getName()).isNull();
            }
        }
        return names;
    }

    @Test
    void shouldNameEveryConstantAfterItself() throws Exception {
        constants().forEach((value, name) -> assertThat(Codes.nameOf(value)).isEqualTo(name));
    }

    @Test
    void shouldUseSmallNegativeNumbersWithoutGap() throws Exception {
        Long[] values = constants().keySet().toArray(Long[]::new);

        assertThat(values[values.length - 1]).isEqualTo(-1);
        assertThat(values[0]).isEqualTo(-values.length);
    }

    @Test
    void shouldHaveARowInTheTableForEveryConstant() throws Exception {
        String source = Sources.of(Codes.class);

        constants()
                .forEach((value, name) ->
                        assertThat(source).contains("<td>{@link #" + name + "}</td><td>" + value + "</td>"));
    }

    @Test
    void shouldNameSuccessAndTheUnknown() {
        assertThat(Codes.nameOf(0)).isEqualTo("OK");
        assertThat(Codes.nameOf(Long.MAX_VALUE)).isEqualTo("OK");
        assertThat(Codes.nameOf(-8)).isEqualTo("UNKNOWN(-8)");
        assertThat(Codes.nameOf(Long.MIN_VALUE)).isEqualTo("UNKNOWN(-9223372036854775808)");
    }
}
