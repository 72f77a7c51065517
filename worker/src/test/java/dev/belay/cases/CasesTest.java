package dev.belay.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs every case of the corpus. `-Dcase=WORDS` runs those whose names have the words in them.
final class CasesTest {
    private static final String CHOSEN = System.getProperty("case", "");

    @TempDir
    private Path folder;

    @Test
    void everyCaseHasAnOwnNameAndOnlyKnownWords() throws IOException {
        Set<String> names = new HashSet<>();
        List<String> slips = new ArrayList<>();
        for (Case one : Case.all()) {
            if (!names.add(one.name())) {
                slips.add("twice: " + one.name());
            }
            if (!one.unknownWords().isEmpty()) {
                slips.add(one.name() + ": " + one.unknownWords());
            }
        }

        assertThat(slips).isEmpty();
    }

    @TestFactory
    Stream<DynamicContainer> everyCaseComesOutAsItSays() throws IOException {
        Map<String, List<Case>> byFile = Case.all().stream()
                .filter(one -> one.name().contains(CHOSEN))
                .collect(Collectors.groupingBy(Case::file));
        return byFile.entrySet().stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file.getKey(),
                        file.getValue().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one)))));
    }

    private void check(Case one) throws IOException {
        Path own = Files.createTempDirectory(folder, "case");
        try {
            CaseReading reading = CaseReading.of(one, own);
            assertThat(one.expects("failure"))
                    .as("was read, but was to fail: %s %s", reading.columns(), reading.rows())
                    .isFalse();
            checkReading(one, reading);
        } catch (JobFailure failed) {
            checkFailure(one, failed);
        }
    }

    private static void checkReading(Case one, CaseReading reading) {
        String why = one.why();
        one.text("expect", "columns")
                .ifPresent(columns -> assertThat(reading.columns()).as(why).isEqualTo(columns));
        if (one.node().path("expect").path("rows").isArray()) {
            assertThat(reading.rows()).as(why).isEqualTo(one.texts("expect", "rows"));
        } else {
            one.number("expect", "rows")
                    .ifPresent(rows -> assertThat(reading.rows()).as(why).hasSize(rows));
        }
        List<String> first = one.texts("expect", "first");
        assertThat(reading.rows().stream().limit(first.size())).as(why).isEqualTo(first);
        assertThat(reading.rows().size() + reading.deduplicated())
                .as(why)
                .isEqualTo(reading.profile().rows());
        assertThat(reading.duplicates()).as(why).isEqualTo(one.texts("expect", "duplicates"));
        checkRejects(one, reading);
        for (String part : one.texts("expect", "warnings")) {
            assertThat(reading.warnings())
                    .as(why)
                    .anySatisfy(warning -> assertThat(warning).contains(part));
        }
        one.number("expect", "notes")
                .ifPresent(
                        count -> assertThat(reading.prepared().notes()).as(why).hasSize(count));
        one.text("expect", "plain")
                .ifPresent(plain -> assertThat(reading.plain()).as(why).isEqualTo(Boolean.valueOf(plain)));
    }

    private static void checkRejects(Case one, CaseReading reading) {
        List<String> parts = one.texts("expect", "rejects");
        long expected = one.number("expect", "rejected").orElse(parts.size());
        assertThat(reading.profile().rejected())
                .as("%s; rejected: %s", one.why(), reading.profile().rejects())
                .isEqualTo(expected);
        for (int at = 0; at < parts.size(); at++) {
            assertThat(reading.rejects().get(at)).as(one.why()).contains(parts.get(at));
        }
    }

    private static void checkFailure(Case one, JobFailure failed) {
        FailureCode code = failed.failure().code();
        String message = failed.failure().message();
        if (!one.expects("failure")) {
            fail("%s: %s %s".formatted(one.why(), code, message), failed);
        }
        assertThat(code.name())
                .as(message)
                .isEqualTo(one.text("expect", "failure").orElseThrow());
        for (String part : one.texts("expect", "message")) {
            assertThat(message).as(one.why()).contains(part);
        }
        assertThat(failed.failure().kind()).as(message).isEqualTo("Permanent");
        assertThat(message).as("one line for people").hasSizeBetween(10, 2000).doesNotContainPattern("\\p{Cntrl}");
        assertThat(message)
                .as("names of Java's own")
                .doesNotContain("Exception")
                .doesNotContain("null");
    }
}
