package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That readers notice what they are there for.
final class LooksTest {
    private static final String BESIDE = "set-00";
    private static final String IN_PLACE = "set-01";

    private final Looks looks = new Looks();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void holdsWhenEachVersionShowsWhatItsSourcesSay() {
        looks.saw(BESIDE, 0, new Seen(1, Map.of("a", 2L)));
        looks.saw(BESIDE, 1, new Seen(2, Map.of("a", 2L, "b", 3L)));
        looks.sawNothing(IN_PLACE);

        looks.judge(BESIDE, 1, Map.of("a", 2L));
        looks.judge(BESIDE, 2, Map.of("a", 2L, "b", 3L));
        looks.judgeTheRest();

        assertThat(looks.property().holds()).isTrue();
        assertThat(looks.property().words())
                .contains("reads=3 mixed=0 partial=0 backwards=0 failed=0 (1 found nothing");
    }

    @Test
    void noticesRowsOfAnotherJob() {
        looks.saw(BESIDE, 0, new Seen(1, Map.of("a", 2L, "b", 1L)));

        looks.judge(BESIDE, 1, Map.of("a", 3L));

        assertBreach("mixed=1", "version 1 of set-00");
    }

    @Test
    void noticesMissingRows() {
        looks.saw(BESIDE, 0, new Seen(1, Map.of("a", 2L)));

        looks.judge(BESIDE, 1, Map.of("a", 3L));

        assertBreach("partial=1", "instead of");
    }

    @Test
    void noticesAVersionThatChanges() {
        looks.saw(BESIDE, 0, new Seen(1, Map.of("a", 2L)));
        looks.saw(BESIDE, 1, new Seen(1, Map.of("a", 3L)));

        assertBreach("mixed=1", "and then");
    }

    @Test
    void noticesAVersionOlderThanTheOneBefore() {
        looks.saw(BESIDE, 2, new Seen(1, Map.of("a", 2L)));

        assertBreach("backwards=1", "went back from version 2 to 1");
    }

    @Test
    void noticesAVersionThatWasNeverPublished() {
        looks.saw(BESIDE, 0, new Seen(1, Map.of("a", 2L)));

        looks.judgeTheRest();

        assertBreach("mixed=1", "no commit made it");
    }

    @Test
    void noticesAGapWhereThereMayBeNone() {
        looks.sawNothing(BESIDE);

        assertBreach("partial=1", "was not there");
    }

    @Test
    void noticesThatNobodyHasRead() {
        assertBreach("reads=0", "nobody has read");
    }

    @Test
    void aReaderThatFailsUnexpectedlySaysSoAndGoesOn() {
        try (var readers = new Readers(() -> new FileEyes(folder), List.of("no\0name"), looks, Duration.ofMillis(1))) {
            readers.start();
            // More than one each.
            Awaitility.await().until(() -> looks.reads() > 2);
        }

        assertThat(looks.property().breaches()).isNotEmpty().allMatch(breach -> breach.contains("could not be read"));
    }

    @Test
    void readersSeeFilesAsAnySqliteToolDoes() throws Exception {
        Path file = Files.createDirectories(folder.resolve(BESIDE)).resolve("current.sqlite");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE _belay (key TEXT, value TEXT)");
            statement.execute("INSERT INTO _belay VALUES ('version', '7')");
            statement.execute("CREATE TABLE \"set-00\" (id INTEGER, job TEXT)");
            statement.execute("INSERT INTO \"set-00\" VALUES (1, 'a'), (2, 'a')");
        }

        try (var readers = new Readers(() -> new FileEyes(folder), List.of(BESIDE), looks, Duration.ofMillis(1))) {
            readers.start();
            Awaitility.await().until(() -> looks.reads() > 1);
        }
        looks.judge(BESIDE, 7, Map.of("a", 2L));
        looks.judgeTheRest();

        assertThat(looks.property().breaches()).isEmpty();
    }

    private void assertBreach(String count, String words) {
        assertThat(looks.property().holds()).isFalse();
        assertThat(looks.property().words()).contains(count);
        assertThat(looks.property().breaches()).singleElement().asString().contains(words);
    }
}
