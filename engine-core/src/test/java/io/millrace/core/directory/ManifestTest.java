package io.millrace.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryException;
import io.millrace.api.DirectoryFormatException;
import io.millrace.api.Durability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the bytes are, reading them ends in a manifest or in one of two exceptions. */
class ManifestTest {
    private static final Path DATA = Path.of("/data");
    private static final Manifest SOME = new Manifest(
            0x0123456789abcdefL,
            7,
            Durability.POWER_LOSS,
            "5d1b7b7e-8c0f-4b3b-9a3e-0a1b2c3d4e5f",
            true,
            1_763_742_000_123L,
            2_049,
            new ReceiptKey(0x00112233_44556677L, 0x8899aabb_ccddeeffL),
            Objects.requireNonNull(SegmentSet.parse("0-12,15")));

    private static String text() {
        return new String(SOME.bytes(), StandardCharsets.US_ASCII);
    }

    private static Manifest parse(byte[] bytes) {
        return Manifest.parse(DATA, bytes);
    }

    /** The text with another checksum line, which fits it. */
    private static byte[] sealed(String text) {
        String body = text.contains("crc=") ? text.substring(0, text.indexOf("crc=")) : text;
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        String seal = "crc=" + HexFormat.of().toHexDigits((int) crc.getValue()) + "\n";
        return (body + seal).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void shouldBeThisText() {
        assertThat(text()).isEqualTo("""
                        millrace=0
                        build=0.1.0-SNAPSHOT.1
                        directory=0123456789abcdef
                        incarnation=7
                        durability=POWER_LOSS
                        boot=5d1b7b7e-8c0f-4b3b-9a3e-0a1b2c3d4e5f
                        clean=true
                        engineTimeMs=1763742000123
                        queueNumbers=2049
                        receiptKey=00112233445566778899aabbccddeeff
                        segments=0-12,15
                        crc=676c5abc
                        """);
    }

    @Test
    void shouldBeReadAsItWasWritten() {
        assertThat(parse(SOME.bytes())).isEqualTo(SOME);
        assertThat(sealed(text())).isEqualTo(SOME.bytes());
    }

    @Test
    void shouldBeRefusedWhenCutAtAnyLength() {
        byte[] bytes = SOME.bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> parse(cut)).as("length " + length).isInstanceOf(DirectoryDamagedException.class);
            byte[] zeroed = Arrays.copyOf(cut, bytes.length);
            assertThatThrownBy(() -> parse(zeroed)).as("zeros from " + length).isInstanceOf(DirectoryException.class);
        }
    }

    @Test
    void shouldBeRefusedWhenAnyBitDiffers() {
        byte[] bytes = SOME.bytes();
        int format = 0;
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));

            Throwable thrown = catchThrowable(() -> parse(flipped));

            assertThat(thrown)
                    .as("bit " + bit)
                    .isInstanceOfAny(DirectoryDamagedException.class, DirectoryFormatException.class);
            format += thrown instanceof DirectoryFormatException ? 1 : 0;
        }
        assertThat(format).isPositive();
    }

    @Test
    void shouldBeRefusedWhenThereIsMore() {
        byte[] bytes = SOME.bytes();
        for (int more = 0; more < 256; more++) {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            longer[bytes.length] = (byte) more;
            assertThatThrownBy(() -> parse(longer)).isInstanceOf(DirectoryDamagedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "incarnation=7\\n||the line is missing: incarnation",
                "incarnation=7\\n|incarnation=7\\nincarnation=7\\n|the line is missing: durability",
                "incarnation=7\\n|incarnation=7\\nowner=me\\n|the line is missing: durability",
                "segments=0-12,15\\n|segments=0-12,15\\nmore=1\\n|it is not in the form",
                "clean=true\\n|Clean=true\\n|the line is missing: clean",
                "clean=true|clean=yes|neither true nor false: clean",
                "clean=true|clean=|neither true nor false: clean",
                "=0123456789abcdef|=0123456789abcdeF|not hexadecimal: directory",
                "=0123456789abcdef|=0123456789abcde|not hexadecimal: directory",
                "incarnation=7|incarnation=-1|not a number: incarnation",
                "incarnation=7|incarnation=07|not a number: incarnation",
                "incarnation=7|incarnation=2147483647|out of range: incarnation",
                "incarnation=7|'incarnation=7 '|not a number: incarnation",
                "POWER_LOSS|MEMORY|no level of a directory: durability",
                "POWER_LOSS|java.lang.Runtime|no level of a directory: durability",
                "boot=5d1b|boot=5D1B|no name of a start: boot",
                "engineTimeMs=1763742000123|engineTimeMs=140737488355328|out of range: engineTimeMs",
                "engineTimeMs=1763742000123|engineTimeMs=9999999999999999999|out of range: engineTimeMs",
                "queueNumbers=2049|queueNumbers=0|out of range: queueNumbers",
                "receiptKey=00|receiptKey=0|not hexadecimal: receiptKey",
                "receiptKey=00|receiptKey=g0|not hexadecimal: receiptKey",
                "segments=0-12,15|segments=0-12,13|no ranges: segments",
                "segments=0-12,15|segments=0-2147483647|no ranges: segments",
                "segments=0-12,15\\n|segments=0-12,15\\r\\n|no ranges: segments",
                "boot=5|boot=\\u00e9|no name of a start: boot",
            })
    void shouldBeRefusedInAnyOtherForm(String from, String to, String problem) {
        String changed = text().replace(unescaped(from), to == null ? "" : unescaped(to));
        assertThat(changed).isNotEqualTo(text());

        assertThatThrownBy(() -> parse(sealed(changed)))
                .isInstanceOf(DirectoryDamagedException.class)
                .hasMessageContaining("file=manifest problem=" + problem);
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\r", "\r").replace("\\u00e9", "\u00e9");
    }

    @Test
    void shouldBeRefusedWhenItsChecksumDiffers() {
        assertThatThrownBy(
                        () -> parse(text().replace("clean=true", "clean=false").getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(DirectoryDamagedException.class)
                .hasMessageContaining("its checksum differs");
    }

    @Test
    void shouldBeRefusedWhenItIsTooLong() {
        StringBuilder ranges = new StringBuilder("0");
        for (int i = 2; ranges.length() <= Manifest.MAX_BYTES; i += 2) {
            ranges.append(',').append(i);
        }

        assertThatThrownBy(() -> parse(sealed(text().replace("0-12,15", ranges))))
                .isInstanceOf(DirectoryDamagedException.class)
                .hasMessageContaining("it is longer than 65536 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "millrace=0, millrace=1, 1/0.1.0-SNAPSHOT.1",
        "millrace=0, millrace=999999999, 999999999/0.1.0-SNAPSHOT.1",
        "0.1.0-SNAPSHOT.1, 0.1.0-SNAPSHOT.0, 0/0.1.0-SNAPSHOT.0",
        "0.1.0-SNAPSHOT.1, 7.0.1, 0/7.0.1"
    })
    void shouldNameTheBuildThatWroteAnotherFormat(String from, String to, String found) {
        String other = text().replace(from, to).replace("directory=", "whatever else there may be\n");

        assertThatThrownBy(() -> parse(other.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(DirectoryFormatException.class)
                .hasMessageContaining("found=" + found + " expected=0/0.1.0-SNAPSHOT.1");
    }

    @Test
    void shouldNameItEvenIfItsManifestIsLonger() {
        byte[] other = Arrays.copyOf(
                text().replace("millrace=0", "millrace=1").getBytes(StandardCharsets.US_ASCII), Manifest.MAX_BYTES + 1);

        assertThatThrownBy(() -> parse(other)).isInstanceOf(DirectoryFormatException.class);
    }

    @Test
    void shouldTakeNoMoreMemoryThanItsText() {
        Manifest all = parse(sealed(text().replace("0-12,15", "0-2147483646")));

        assertThat(all.segments().count()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldEndInATypedErrorWhateverTheBytesAre() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] bytes = SOME.bytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = bytes.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(bytes.length - from) / (1 + random.nextInt(20));
                switch (random.nextInt(3)) {
                    case 0 -> Arrays.fill(changed, from, from + length, (byte) random.nextInt());
                    case 1 -> System.arraycopy(bytes, random.nextInt(bytes.length - length), changed, from, length);
                    default -> changed[from] = (byte) random.nextInt();
                }
            }
            byte[] read = random.nextBoolean() ? changed : sealed(new String(changed, StandardCharsets.ISO_8859_1));

            Throwable thrown = catchThrowable(() -> parse(read));

            if (thrown == null) {
                assertThat(parse(read).bytes()).as("seed=" + seed).isEqualTo(read);
            } else {
                assertThat(thrown)
                        .as("seed=" + seed)
                        .isInstanceOfAny(DirectoryDamagedException.class, DirectoryFormatException.class);
            }
        }
    }

    @Test
    void shouldNotShowItsSecret() {
        assertThat(SOME.toString())
                .doesNotContain("1122", String.valueOf(SOME.receiptKey().first()));
    }
}
