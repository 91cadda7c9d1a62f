package io.millrace.core.directory;

import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryFormatException;
import io.millrace.api.Durability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the file {@code manifest} of a directory: lines {@code key=value} of printable ASCII, each ended by a line
 * feed, in the order of the components here, with a checksum in the last one. Immutable.
 *
 * <pre>
 * millrace=0                                  format
 * build=0.1.0-SNAPSHOT.1                      who wrote it
 * directory=0123456789abcdef                  16 hex digits
 * incarnation=1                               0 to 2^31 - 2
 * durability=POWER_LOSS                       or PROCESS_CRASH
 * boot=unknown                                or what the system calls its start
 * clean=false                                 or true
 * engineTimeMs=0                              0 to 2^47 - 1
 * queueNumbers=1                              1 to 2^62
 * receiptKey=0123456789abcdef0123456789abcdef 32 hex digits
 * segments=0-12,15                            ascending, not adjacent, may be empty
 * crc=01234567                                CRC32C of all bytes before this line
 * </pre>
 *
 * <p>There is one text for each manifest: anything else, however close, is damaged. Reading one takes memory in proportion to
 * the text only.
 *
 * @param directoryId tells a directory from every other; copies have the same
 * @param incarnation how often the directory was opened
 * @param durability level at which it is open, or was last; until all that was found is known, the lower of the two
 * @param boot after which start of the machine all that was found was known, or {@link #UNKNOWN_BOOT}
 * @param clean whether it was closed in order
 * @param engineTimeMs engine time at the time of writing, a bound below
 * @param queueNumberCeiling no queue has a number so great or greater
 * @param receiptKey what receipts are made with
 * @param segments indices of the segments that count
 */
public record Manifest(
        long directoryId,
        int incarnation,
        Durability durability,
        String boot,
        boolean clean,
        long engineTimeMs,
        long queueNumberCeiling,
        ReceiptKey receiptKey,
        SegmentSet segments) {
    /** The format that this build reads and writes. */
    public static final int FORMAT = 0;

    /** What writes this format; raised with every change of it until it is settled. */
    public static final String BUILD = "0.1.0-SNAPSHOT.1";

    /** Stands for a start of the machine that nobody can tell from another. */
    public static final String UNKNOWN_BOOT = "unknown";

    /** Longest manifest, in bytes. */
    public static final int MAX_BYTES = 1 << 16;

    /** Greatest engine time that a manifest, or a log record, has room for. */
    public static final long MAX_TIME_MS = (1L << 47) - 1;

    /** Greatest incarnation. */
    public static final int MAX_INCARNATION = Integer.MAX_VALUE - 1;

    static final long MAX_QUEUE_NUMBERS = 1L << 62;

    private static final String NAME = "manifest";
    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern FIRST_LINES =
            Pattern.compile("millrace=(0|[1-9][0-9]{0,8})\nbuild=([0-9A-Za-z.+-]{1,64})\n");
    private static final Pattern BOOT = Pattern.compile("[0-9a-f-]{1,64}|" + UNKNOWN_BOOT);
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final int CRC_LINE_LENGTH = "crc=01234567\n".length();

    // ---- writing --------------------------------------------------------------------------------------------------

    /** The bytes of the file. */
    public byte[] bytes() {
        final StringBuilder text = new StringBuilder(512);
        line(text, "millrace", Integer.toString(FORMAT));
        line(text, "build", BUILD);
        line(text, "directory", HEX.toHexDigits(directoryId));
        line(text, "incarnation", Integer.toString(incarnation));
        line(text, "durability", durability.name());
        line(text, "boot", boot);
        line(text, "clean", Boolean.toString(clean));
        line(text, "engineTimeMs", Long.toString(engineTimeMs));
        line(text, "queueNumbers", Long.toString(queueNumberCeiling));
        line(text, "receiptKey", HEX.toHexDigits(receiptKey.first()) + HEX.toHexDigits(receiptKey.second()));
        line(text, "segments", segments.toString());
        final int crc = crc(text.toString().getBytes(StandardCharsets.US_ASCII));
        line(text, "crc", HEX.toHexDigits(crc));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    private static int crc(byte[] bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /**
     * The manifest that the bytes of a file are.
     *
     * @param directory where the file is, for messages
     * @param bytes the file, or its first {@link #MAX_BYTES} + 1 bytes
     * @throws DirectoryFormatException if another build or format wrote it
     * @throws DirectoryDamagedException if it is anything but what {@link #bytes()} makes
     */
    public static Manifest parse(Path directory, byte[] bytes) {
        return new Reader(directory, bytes).read();
    }

    /** Reads line by line; the first thing that is wrong ends it. */
    private static final class Reader {
        private final Path directory;
        private final byte[] bytes;
        private final String text;
        private int at;

        Reader(Path directory, byte[] bytes) {
            this.directory = directory;
            this.bytes = bytes;
            this.text = new String(bytes, StandardCharsets.ISO_8859_1);
        }

        Manifest read() {
            requireOurFormat();
            require(bytes.length <= MAX_BYTES, "it is longer than " + MAX_BYTES + " bytes");
            requireChecksum();
            final Manifest manifest = new Manifest(
                    hex("directory", 16),
                    (int) number("incarnation", 0, MAX_INCARNATION),
                    level("durability"),
                    boot("boot"),
                    flag("clean"),
                    number("engineTimeMs", 0, MAX_TIME_MS),
                    number("queueNumbers", 1, MAX_QUEUE_NUMBERS),
                    key("receiptKey"),
                    segments("segments"));
            require(Arrays.equals(manifest.bytes(), bytes), "it is not in the form in which an engine writes it");
            return manifest;
        }

        /** Before all else, since another format may have other lines and another checksum. */
        private void requireOurFormat() {
            final Matcher first = FIRST_LINES.matcher(text);
            require(first.lookingAt(), bytes.length == 0 ? "it is empty" : "it does not start as one");
            final String found = first.group(1) + "/" + first.group(2);
            final String expected = FORMAT + "/" + BUILD;
            if (!found.equals(expected)) {
                throw new DirectoryFormatException(directory, found, expected);
            }
            at = first.end();
        }

        private void requireChecksum() {
            final int end = bytes.length - CRC_LINE_LENGTH;
            require(
                    end >= at && text.startsWith("crc=", end) && text.endsWith("\n") && text.charAt(end - 1) == '\n',
                    "its last line is not a checksum");
            final String expected = HEX.toHexDigits(crc(Arrays.copyOf(bytes, end)));
            require(text.startsWith(expected, end + 4), "its checksum differs");
        }

        private String value(String key) {
            require(text.startsWith(key + "=", at), "the line is missing: " + key);
            final int from = at + key.length() + 1;
            final int end = text.indexOf('\n', from);
            require(end >= 0, "the line does not end: " + key);
            at = end + 1;
            return text.substring(from, end);
        }

        private long number(String key, long min, long max) {
            final String value = value(key);
            require(NUMBER.matcher(value).matches(), "not a number: " + key);
            try {
                final long number = Long.parseLong(value);
                require(number >= min && number <= max, "out of range: " + key);
                return number;
            } catch (NumberFormatException e) {
                throw damaged("out of range: " + key);
            }
        }

        private long hex(String key, int digits) {
            return hexDigits(key, value(key), digits);
        }

        private ReceiptKey key(String key) {
            final String value = value(key);
            require(value.length() == 32, "not hexadecimal: " + key);
            return new ReceiptKey(hexDigits(key, value.substring(0, 16), 16), hexDigits(key, value.substring(16), 16));
        }

        private long hexDigits(String key, String value, int digits) {
            require(
                    value.length() == digits
                            && value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')),
                    "not hexadecimal: " + key);
            return HexFormat.fromHexDigitsToLong(value);
        }

        private Durability level(String key) {
            return switch (value(key)) {
                case "PROCESS_CRASH" -> Durability.PROCESS_CRASH;
                case "POWER_LOSS" -> Durability.POWER_LOSS;
                default -> throw damaged("no level of a directory: " + key);
            };
        }

        private String boot(String key) {
            final String value = value(key);
            require(BOOT.matcher(value).matches(), "no name of a start: " + key);
            return value;
        }

        private boolean flag(String key) {
            final String value = value(key);
            require(value.equals("true") || value.equals("false"), "neither true nor false: " + key);
            return value.equals("true");
        }

        private SegmentSet segments(String key) {
            final @Nullable SegmentSet set = SegmentSet.parse(value(key));
            return Optional.ofNullable(set).orElseThrow(() -> damaged("no ranges: " + key));
        }

        private void require(boolean condition, String problem) {
            if (!condition) {
                throw damaged(problem);
            }
        }

        private DirectoryDamagedException damaged(String problem) {
            return new DirectoryDamagedException(directory, NAME, problem);
        }
    }

    // ---- changed copies -------------------------------------------------------------------------------------------

    /**
     * As it is written when the directory is opened at a level: nothing may be relied on that could not be before, whenever what
     * is done next is cut off.
     */
    Manifest opened(Durability level) {
        return new Manifest(
                directoryId,
                incarnation + 1,
                level == Durability.PROCESS_CRASH ? level : durability,
                boot,
                false,
                engineTimeMs,
                queueNumberCeiling,
                receiptKey,
                segments);
    }

    /** As it is written when all that was found is as durable as the level says. */
    Manifest recovered(Durability level, String newBoot) {
        return new Manifest(
                directoryId,
                incarnation,
                level,
                newBoot,
                clean,
                engineTimeMs,
                queueNumberCeiling,
                receiptKey,
                segments);
    }

    /** With another mark of an orderly end. */
    Manifest withClean(boolean newClean) {
        return new Manifest(
                directoryId,
                incarnation,
                durability,
                boot,
                newClean,
                engineTimeMs,
                queueNumberCeiling,
                receiptKey,
                segments);
    }

    /** With a later time; time never goes back. */
    Manifest withTime(long timeMs) {
        return new Manifest(
                directoryId,
                incarnation,
                durability,
                boot,
                clean,
                Math.max(engineTimeMs, timeMs),
                queueNumberCeiling,
                receiptKey,
                segments);
    }

    /** With a higher bound of queue numbers. */
    Manifest withQueueNumberCeiling(long ceiling) {
        return new Manifest(
                directoryId, incarnation, durability, boot, clean, engineTimeMs, ceiling, receiptKey, segments);
    }

    /** With other segments. */
    Manifest withSegments(SegmentSet newSegments) {
        return new Manifest(
                directoryId,
                incarnation,
                durability,
                boot,
                clean,
                engineTimeMs,
                queueNumberCeiling,
                receiptKey,
                newSegments);
    }
}
