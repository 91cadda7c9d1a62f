package io.millrace.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.api.check.Arguments;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * A typed value beside the payload: text, a number or bytes, with an optional suffix to the type's name. Immutable.
 *
 * <p>A number keeps its text as it was given, so {@code "1.50"} stays {@code "1.50"} and is not equal to {@code "1.5"}.
 * The suffix ({@code Number.int}, {@code String.json}) means something to the application only.
 */
public final class Attribute {
    /** What an attribute's value is. Immutable. */
    public enum Kind {
        /** Text. */
        STRING("String"),
        /** A decimal number of at most 38 significant digits. */
        NUMBER("Number"),
        /** Bytes. */
        BINARY("Binary");

        private final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }

        /**
         * The kind as it stands in {@link Attribute#typeName()}.
         *
         * @return {@code String}, {@code Number} or {@code Binary}
         */
        public String typeName() {
            return typeName;
        }
    }

    private static final int MAX_TYPE_NAME_CHARS = 256;

    private final Kind kind;
    private final String suffix;
    private final byte[] value;

    /** Takes the bytes over; the callers have copied and checked them. */
    private Attribute(Kind kind, String suffix, byte[] value) {
        this.kind = kind;
        this.suffix = suffix;
        this.value = value;
    }

    /**
     * A text.
     *
     * @param value at least one character, no half of a surrogate pair, not null
     * @return the attribute
     * @throws IllegalArgumentException if the text is empty or cannot be encoded
     */
    public static Attribute string(String value) {
        Arguments.notNull("value", value);
        return new Attribute(Kind.STRING, "", notEmpty(Utf8.encode("value", value)));
    }

    /**
     * A number, kept as the text that was given.
     *
     * @param text digits with an optional sign, decimal point and exponent, at most 256 characters, of at most 38
     *     significant digits and a magnitude of zero or of 1e-128 to 1e126, not null
     * @return the attribute
     * @throws IllegalArgumentException if the text is not such a number
     */
    public static Attribute number(String text) {
        Arguments.notNull("text", text);
        return new Attribute(Kind.NUMBER, "", NumberText.check(text).getBytes(UTF_8));
    }

    /**
     * A whole number, kept as its decimal digits.
     *
     * @param value any value
     * @return the attribute
     */
    public static Attribute number(long value) {
        return new Attribute(Kind.NUMBER, "", Long.toString(value).getBytes(UTF_8));
    }

    /**
     * A number, kept as its {@link BigDecimal#toString()}.
     *
     * @param value in the range of {@link #number(String)}, not null
     * @return the attribute
     * @throws IllegalArgumentException if the value has too many digits or is too large or too small
     */
    public static Attribute number(BigDecimal value) {
        return number(Arguments.notNull("value", value).toString());
    }

    /**
     * Bytes.
     *
     * @param value at least one byte, copied, not null
     * @return the attribute
     * @throws IllegalArgumentException if there is no byte
     */
    public static Attribute binary(byte[] value) {
        Arguments.notNull("value", value);
        return new Attribute(Kind.BINARY, "", notEmpty(value.clone()));
    }

    private static byte[] notEmpty(byte[] value) {
        if (value.length == 0) {
            throw new IllegalArgumentException("value must not be empty: length=0");
        }
        return value;
    }

    /**
     * The same value with another suffix.
     *
     * @param newSuffix what stands behind the dot of the type name, which has at most 256 characters in all; empty for
     *     none; not null
     * @return a new attribute
     * @throws IllegalArgumentException if the type name becomes too long or cannot be encoded
     */
    public Attribute withSuffix(String newSuffix) {
        Arguments.notNull("suffix", newSuffix);
        int maxChars = MAX_TYPE_NAME_CHARS - kind.typeName.length() - 1;
        if (newSuffix.length() > maxChars) {
            throw new IllegalArgumentException(
                    "suffix must have at most " + maxChars + " characters: length=" + newSuffix.length());
        }
        Utf8.encode("suffix", newSuffix);
        return new Attribute(kind, newSuffix, value);
    }

    /**
     * What the value is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What follows the dot of the type name.
     *
     * @return the suffix, or an empty text if there is none
     */
    public String suffix() {
        return suffix;
    }

    /**
     * Kind and suffix in one word, for example {@code String} or {@code Number.int}.
     *
     * @return at most 256 characters
     */
    public String typeName() {
        return suffix.isEmpty() ? kind.typeName : kind.typeName + "." + suffix;
    }

    /**
     * The value of a string, or of a number as it was given.
     *
     * @return at least one character
     * @throws IllegalStateException if this is a {@link Kind#BINARY} attribute
     */
    public String text() {
        if (kind == Kind.BINARY) {
            throw wrongKind("text");
        }
        return new String(value, UTF_8);
    }

    /**
     * The value of a number.
     *
     * @return a new {@code BigDecimal} from the text
     * @throws IllegalStateException if this is not a {@link Kind#NUMBER} attribute
     */
    public BigDecimal number() {
        if (kind != Kind.NUMBER) {
            throw wrongKind("number");
        }
        return new BigDecimal(text());
    }

    private IllegalStateException wrongKind(String asked) {
        return new IllegalStateException("attribute has no " + asked + ": kind=" + kind);
    }

    /**
     * The value as bytes; those of text are UTF-8.
     *
     * @return a new array of {@link #length()} bytes
     */
    public byte[] bytes() {
        return value.clone();
    }

    /**
     * Number of bytes of the value.
     *
     * @return at least 1
     */
    public int length() {
        return value.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attribute that
                && kind == that.kind
                && suffix.equals(that.suffix)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * kind.hashCode() + suffix.hashCode()) + Arrays.hashCode(value);
    }

    /**
     * Type and length, without the value, which may be a secret.
     *
     * @return for example {@code Number.int length=3}
     */
    @Override
    public String toString() {
        return typeName() + " length=" + value.length;
    }
}
