package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promises that the comments of public types must make, read from the sources. */
class JavadocTest {
    private static final Pattern LABEL = Pattern.compile("<li><b>(\\w+)</b>:");
    private static final Pattern COMMENTED_METHOD =
            Pattern.compile("    /\\*\\*(.*?)\\*/\\s+([^;{]*?(\\w+)\\([^;{]*)[;{]", Pattern.DOTALL);
    private static final Pattern AFTER_FIRST_PARAGRAPH = Pattern.compile("\\n\\s*\\* *\\n.*", Pattern.DOTALL);

    /** Methods that only hand out what is known, or a part of the object. */
    private static final List<String> NO_OPERATIONS = List.of(
            // of a queue and a delivery
            "name",
            "raw",
            "admin",
            "id",
            "receipt",
            "receiveCount",
            "attributes",
            "bytes",
            "text",
            "sentAt",
            "firstReceivedAt",
            "deadLetterSource",
            "deadLetterReason",
            // of the raw tier
            "newClaim",
            "close",
            "delayMs",
            "isOpen",
            "buffer",
            "offset",
            "length",
            "sequence");

    static Stream<Class<?>> operations() {
        return Stream.of(MessageQueue.class, Delivery.class, RawSender.class, RawReceiver.class, Claim.class);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldStateFiveThingsAboutEveryOperation(Class<?> type) {
        Matcher methods = COMMENTED_METHOD.matcher(bodyOf(type));

        assertThat(methods.results().filter(method -> !NO_OPERATIONS.contains(method.group(3))))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(labelsOf(method))
                        .as(method.group(2))
                        .containsExactly("Durability", "Ordering", "Delivery", "Blocking", "Cost"));
    }

    private static String bodyOf(Class<?> type) {
        String source = Sources.of(type);
        return source.substring(source.indexOf("interface " + type.getSimpleName()));
    }

    private static List<String> labelsOf(MatchResult method) {
        return LABEL.matcher(method.group(1))
                .results()
                .map(label -> label.group(1))
                .toList();
    }

    static Stream<Class<?>> exportedTopLevelTypes() {
        return ExportedTypes.all().stream().filter(type -> type.getDeclaringClass() == null);
    }

    @ParameterizedTest
    @MethodSource("exportedTopLevelTypes")
    void shouldSayInTheFirstParagraphWhichThreadsMayUseAType(Class<?> type) {
        String source = Sources.of(type);
        String comment = source.substring(source.indexOf("/**"), source.indexOf("*/"));

        assertThat(AFTER_FIRST_PARAGRAPH.matcher(comment).replaceFirst("").toLowerCase(Locale.ROOT))
                .containsAnyOf("thread-safe", "immutable", "confined to");
    }
}
