package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands on a data folder that does not exist: they say so, and it still does not exist afterwards.
final class NothingYetTest {
    @TempDir
    private Path parent = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"jobs list", "datasets list", "stash list"})
    void listsNothingAndSaysSo(String command) {
        Path data = parent.resolve("none");

        Transcript said = Transcript.of(data, command.split(" ", -1));

        assertThat(said.code()).isEqualTo(ExitCode.DONE);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).isNotBlank();
        assertThat(data).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs list --json", "datasets list --json", "stash list --json"})
    void listsAnEmptyArray(String command) {
        Transcript said = Transcript.of(parent.resolve("none"), command.split(" ", -1));

        assertThat(said.json().isArray()).isTrue();
        assertThat(said.json().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "jobs show 12, JOB_NOT_FOUND",
        "jobs watch 12, JOB_NOT_FOUND",
        "jobs retry 12, JOB_NOT_FOUND",
        "jobs retry, JOB_NOT_FOUND",
        "datasets show air, DATASET_NOT_FOUND",
        "datasets show ../air, DATASET_NOT_FOUND",
        "datasets history air, DATASET_NOT_FOUND",
        "datasets restore air 1, DATASET_NOT_FOUND",
        "dictionary show air, DATASET_NOT_FOUND",
        "dictionary set air no2 --title NO2, DATASET_NOT_FOUND",
        "dictionary set air no2, DICTIONARY_INVALID",
        "dictionary import air nowhere.json, DICTIONARY_INVALID",
        "dictionary export air, DATASET_NOT_FOUND",
    })
    void refusesWhatIsNotThereAsWrongUsage(String command, String code) {
        Path data = parent.resolve("none");

        Transcript said = Transcript.of(data, command.split(" ", -1));

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).startsWith("error " + code + ": ").doesNotContain("\tat ");
        assertThat(data).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"topics check", "topics create", "submit nothing.csv"})
    void namesBothWaysToAKafkaWhereNoneIs(String command) {
        Transcript said = Transcript.of(parent.resolve("none"), command.split(" ", -1));

        assertThat(said.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(said.err()).contains("BROKER_UNREACHABLE", "belay dev", "kafka.bootstrap.servers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"datasets release air --confirm", "stash resolve air --confirm"})
    void hasNothingToDecide(String command) {
        Path data = parent.resolve("none");

        Transcript said = Transcript.of(data, command.split(" ", -1));

        assertThat(said.code()).isEqualTo(ExitCode.DONE);
        assertThat(said.err()).contains("nothing to re");
        assertThat(data).doesNotExist();
    }

    @Test
    void examinesAnInstallationThatIsNotThereYet() {
        Path data = parent.resolve("none");

        Transcript said = Transcript.of(data, "doctor");

        assertThat(said.code()).as(said.out()).isEqualTo(ExitCode.DONE);
        assertThat(said.out()).contains("does not exist yet", "belay run FILE");
        assertThat(data).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "datasets", "dictionary", "stash", "topics"})
    void listsTheCommandsOfAGroup(String group) {
        Transcript said = Transcript.plain(group);

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
    }
}
