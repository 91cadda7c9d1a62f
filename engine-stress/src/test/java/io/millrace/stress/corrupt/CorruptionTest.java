package io.millrace.stress.corrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sample of what the proof does, enough to see that it works. */
class CorruptionTest {
    private static final int SAMPLE = Integer.getInteger("corrupt.sample", 211);

    @TempDir
    static Path temporary;

    private static Story.Images images;
    private static Judge judge;

    @BeforeAll
    static void tell() throws IOException {
        images = new Story(Files.createDirectory(temporary.resolve("story")), false).tell();
        judge = new Judge(temporary);
    }

    @AfterAll
    static void end() throws IOException {
        judge.close();
    }

    private static Map<Judge.Answer, Long> judge(Image image, Stream<Damage> damages, int every) throws IOException {
        Map<Judge.Answer, Long> answers = new EnumMap<>(Judge.Answer.class);
        int i = 0;
        for (Damage damage : (Iterable<Damage>) damages::iterator) {
            if (i++ % every == 0) {
                answers.merge(judge.judge(image, damage), 1L, Long::sum);
            }
        }
        return answers;
    }

    @Test
    void shouldTellOfEverythingThatMayBecomeOfAMessage() {
        Story.requireVariety(images);
    }

    @Test
    void shouldFindNothingWrongWithWhatWasNotDamaged() throws IOException {
        for (Image image : java.util.List.of(images.early(), images.crashed(), images.closed())) {
            assertThat(judge.judge(image, Damage.NONE)).isEqualTo(Judge.Answer.HARMLESS);
        }
    }

    @Test
    void shouldKeepItsPromisesWhicheverBitIsFlipped() throws IOException {
        Map<Judge.Answer, Long> answers = judge(images.crashed(), new Damages(images.crashed()).bits(), SAMPLE);
        System.out.println(answers);
        assertThat(answers).containsKeys(Judge.Answer.CORRUPT, Judge.Answer.HARMLESS);
    }

    @Test
    void shouldKeepItsPromisesWhateverIsCutOff() throws IOException {
        System.out.println(judge(images.crashed(), new Damages(images.crashed()).lengths(), 1));
    }

    @Test
    void shouldKeepItsPromisesWhateverPagesAreSwapped() throws IOException {
        System.out.println(judge(images.crashed(), new Damages(images.crashed()).pages(1, 50), 1));
    }

    @Test
    void shouldKeepItsPromisesWhateverIsZero() throws IOException {
        System.out.println(judge(images.crashed(), new Damages(images.crashed()).zeros(), 1));
    }

    @Test
    void shouldKeepItsPromisesWhateverIsGarbage() throws IOException {
        System.out.println(judge(images.crashed(), new Damages(images.crashed()).garbage(1, 200), 1));
    }

    @Test
    void shouldKeepItsPromisesWhicheverFilesAreOthers() throws IOException {
        Image foreign = new Story(Files.createDirectory(temporary.resolve("foreign")), false)
                .tell()
                .crashed();
        System.out.println(judge(images.crashed(), new Damages(images.crashed()).files(images.early(), foreign), 1));
    }
}
