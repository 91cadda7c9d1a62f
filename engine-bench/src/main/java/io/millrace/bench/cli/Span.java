package io.millrace.bench.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as one types it: {@code 500ms}, {@code 60s}, {@code 2m}. Stateless. */
final class Span {
    private static final Pattern FORM = Pattern.compile("(\\d{1,7})(ms|s|m)");

    private Span() {}

    /** Reads one. */
    static final class Converter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String value) {
            Matcher form = FORM.matcher(value);
            if (!form.matches()) {
                throw new TypeConversionException(
                        "expected a number and ms, s or m, 60s for example, but was '" + value + "'");
            }
            long number = Long.parseLong(form.group(1));
            return switch (form.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
        }
    }
}
