package io.millrace.core.codec;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Message attributes as bytes: a count (2 bytes), then for each the name, the kind (1 byte), the suffix and the value, each
 * behind its length (2, 2 and 4 bytes); little endian, text in UTF-8. Stateless.
 */
final class AttributesCodec {
    private static final byte STRING = 1;
    private static final byte NUMBER = 2;
    private static final byte BINARY = 3;

    private AttributesCodec() {}

    static byte[] encode(Attributes attributes) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        putShort(out, attributes.size());
        for (Map.Entry<String, Attribute> entry : attributes) {
            final Attribute attribute = entry.getValue();
            putText(out, entry.getKey());
            out.write(codeOf(attribute.kind()));
            putText(out, attribute.suffix());
            final byte[] value = attribute.bytes();
            putShort(out, value.length);
            putShort(out, value.length >>> Short.SIZE);
            out.writeBytes(value);
        }
        return out.toByteArray();
    }

    private static byte codeOf(Attribute.Kind kind) {
        return switch (kind) {
            case STRING -> STRING;
            case NUMBER -> NUMBER;
            case BINARY -> BINARY;
        };
    }

    private static void putText(ByteArrayOutputStream out, String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putShort(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value);
        out.write(value >>> Byte.SIZE);
    }

    static Attributes decode(byte[] bytes) {
        try {
            return decodeEntries(bytes);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("attributes break off: length=" + bytes.length, e);
        }
    }

    private static Attributes decodeEntries(byte[] bytes) {
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
            final String name = text(in);
            byte kind = in.get();
            final String suffix = text(in);
            final byte[] value = RecordProperties.bytes(in, in.getInt());
            attributes.put(name, attribute(kind, suffix, value));
        }
        return Attributes.copyOf(attributes);
    }

    private static String text(ByteBuffer in) {
        return new String(RecordProperties.bytes(in, Short.toUnsignedInt(in.getShort())), StandardCharsets.UTF_8);
    }

    private static Attribute attribute(byte kind, String suffix, byte[] value) {
        final Attribute plain = switch (kind) {
            case STRING -> Attribute.string(new String(value, StandardCharsets.UTF_8));
            case NUMBER -> Attribute.number(new String(value, StandardCharsets.UTF_8));
            case BINARY -> Attribute.binary(value);
            default -> throw new IllegalArgumentException("unknown kind of attribute: kind=" + kind);
        };
        return suffix.isEmpty() ? plain : plain.withSuffix(suffix);
    }
}
