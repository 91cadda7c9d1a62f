package io.millrace.stress.corrupt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.SegmentMap;
import io.millrace.stress.corrupt.Judge.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sample of what the proof does, enough to see that it works. */
class CorruptionTest {
    @TempDir
    static Path temporary;

    private static Story.Images images;
    private static Judge judge;

    @BeforeAll
    static void tell() throws IOException {
        images = story("story");
        judge = new Judge(temporary);
    }

    private static Story.Images story(String name) throws IOException {
        return new Story(Files.createDirectory(temporary.resolve(name)), false).tell();
    }

    @AfterAll
    static void end() throws IOException {
        judge.close();
    }

    private static Damages damages() {
        return new Damages(images.crashed());
    }

    /** What came of one damage in {@code every}; throws if a promise was broken. */
    private static Map<Answer, Long> answers(Stream<Damage> damages, int every) throws IOException {
        Map<Answer, Long> answers = new EnumMap<>(Answer.class);
        int i = 0;
        for (Damage damage : (Iterable<Damage>) damages::iterator) {
            if (i++ % every == 0) {
                answers.merge(judge.judge(images.crashed(), damage), 1L, Long::sum);
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
        for (Image image : List.of(images.early(), images.crashed(), images.closed())) {
            assertThat(judge.judge(image, Damage.NONE)).isEqualTo(Answer.HARMLESS);
        }
    }

    @Test
    void shouldKeepItsPromisesWhicheverBitIsFlipped() throws IOException {
        assertThat(answers(damages().bits(), 331)).containsKeys(Answer.CORRUPT, Answer.REFUSED, Answer.HARMLESS);
    }

    @Test
    void shouldKeepItsPromisesWhateverIsCutOff() throws IOException {
        assertThat(answers(damages().lengths(), 11)).containsKeys(Answer.CORRUPT, Answer.REFUSED);
    }

    @Test
    void shouldKeepItsPromisesWhateverPagesAreSwapped() throws IOException {
        assertThat(answers(damages().pages(1, 20), 1)).containsKeys(Answer.CORRUPT, Answer.HARMLESS);
    }

    @Test
    void shouldKeepItsPromisesWhateverIsZero() throws IOException {
        assertThat(answers(damages().zeros(), 2)).containsKeys(Answer.CORRUPT, Answer.HARMLESS);
    }

    @Test
    void shouldKeepItsPromisesWhateverIsGarbage() throws IOException {
        assertThat(answers(damages().garbage(1, 150), 1)).containsKeys(Answer.CORRUPT, Answer.HARMLESS);
    }

    @Test
    void shouldKeepItsPromisesWhicheverFilesAreOthers() throws IOException {
        assertThat(answers(damages().files(images.early(), story("foreign").crashed()), 1))
                .containsKeys(Answer.CORRUPT, Answer.HARMLESS, Answer.CAME_BACK);
    }

    // ---- the judge ------------------------------------------------------------------------------------------------

    /** Zeros in a segment of which no mark speaks, of which the judge is told that they are elsewhere. */
    private static Damage secretly(int from, int to) {
        String file = unmarked();
        return Damage.of("secret", new Touch(Image.LOCK, 0, 1), () -> null)
                .and(new Damage(
                        "zeros",
                        () -> {
                            byte[] content = images.crashed().file(file).clone();
                            Arrays.fill(content, from, to, (byte) 0);
                            return Map.of(file, content);
                        },
                        List.of(),
                        false,
                        Optional.empty()));
    }

    private static String unmarked() {
        List<String> segments = images.crashed().segmentsInUse();
        String last = segments.get(segments.size() - 1);
        assertThat(images.crashed().segment(last).mark()).isZero();
        return last;
    }

    private static SegmentMap.Entry message(Predicate<SegmentMap.Entry> which) {
        return images.crashed().segment(unmarked()).entries().stream()
                .filter(SegmentMap.Entry::isMessage)
                .filter(which)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldNoticeAMessageThatIsMissingThoughNothingTouchedIt() {
        SegmentMap.Entry living = message(SegmentMap.Entry::alive);

        assertThatExceptionOfType(Judge.Broken.class)
                .isThrownBy(() -> judge.judge(images.crashed(), secretly(living.offset(), living.end())))
                .withMessageContaining("missing, but not touched");
    }

    @Test
    void shouldNoticeAMessageThatHadEndedAndCameBack() {
        int end = message(entry -> !entry.alive()).offset() + RecordLayout.END_OFFSET;

        assertThatExceptionOfType(Judge.Broken.class)
                .isThrownBy(() -> judge.judge(images.crashed(), secretly(end, end + 8)))
                .withMessageContaining("came back");
    }

    @Test
    void shouldNoticeDamageThatWasNotFound() {
        Damage found =
                Damage.NONE.found(new Touch(images.crashed().segmentsInUse().get(0), 0, 1));

        assertThatExceptionOfType(Judge.Broken.class)
                .isThrownBy(() -> judge.judge(images.crashed(), found))
                .withMessageContaining("not found");
    }
}
