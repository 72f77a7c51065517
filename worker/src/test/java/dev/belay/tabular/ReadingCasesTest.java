package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Runs every case of `cases.txt`.
@FaultRow("V1")
final class ReadingCasesTest {
    private final DelimitedReader reader = DelimitedReader.alone(ReadLimits.DEFAULTS);

    @Test
    void thereAreAtLeastSixtyCases() throws IOException {
        assertThat(ReadingCase.all()).hasSizeGreaterThanOrEqualTo(60);
    }

    @TestFactory
    Stream<DynamicTest> everyCaseComesOutAsItSays() throws IOException {
        return ReadingCase.all().stream().map(one -> DynamicTest.dynamicTest(one.prose(), () -> check(one)));
    }

    private void check(ReadingCase one) throws Exception {
        List<String> failure = one.all("failure");
        if (!failure.isEmpty()) {
            checkFailure(one, failure.getFirst());
            return;
        }
        TableProfile profile = profile(one);
        List<String> rows = rows(one.input(), profile);

        assertThat(columns(profile))
                .isEqualTo(one.all("columns").stream()
                        .map(ReadingCase::text)
                        .findFirst()
                        .orElse(""));
        assertThat(profile.rejects()).extracting(RejectedRecord::message).isEqualTo(one.all("rejected"));
        assertThat(profile.rejected()).isEqualTo(one.all("rejected").size());
        assertThat((long) rows.size()).isEqualTo(profile.rows());
        one.all("rows").forEach(count -> assertThat(rows).hasSize(Integer.parseInt(count)));
        if (one.all("rows").isEmpty()) {
            assertThat(rows)
                    .isEqualTo(one.all("row").stream().map(ReadingCase::text).toList());
        }
        one.all("warning")
                .forEach(text -> assertThat(profile.warnings())
                        .anySatisfy(warning -> assertThat(warning).contains(ReadingCase.text(text))));
        one.all("warnings").forEach(count -> assertThat(profile.warnings()).hasSize(Integer.parseInt(count)));
        one.all("found")
                .forEach(found ->
                        assertThat("UTF-8 " + profile.dialect().delimiter()).isEqualTo(ReadingCase.text(found)));
    }

    private void checkFailure(ReadingCase one, String expected) {
        int blank = expected.indexOf(' ');
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> profile(one));

        assertThat(failure).isNotNull();
        assertThat(failure.failure().code().name()).isEqualTo(expected.substring(0, blank));
        assertThat(failure.failure().message()).contains(ReadingCase.text(expected.substring(blank + 1)));
        assertThat(failure.failure().kind()).isEqualTo("Permanent");
    }

    private TableProfile profile(ReadingCase one) throws JobFailure, IOException {
        Map<String, ColumnType> overrides = new HashMap<>();
        for (String override : one.all("override")) {
            int blank = override.lastIndexOf(' ');
            overrides.put(
                    override.substring(0, blank),
                    ColumnType.of(override.substring(blank + 1)).orElseThrow());
        }
        Optional<Character> delimiter = one.all("delimiter").stream()
                .map(text -> ReadingCase.text(text).charAt(0))
                .findFirst();
        Optional<String> encoding =
                one.all("encoding").stream().map(ReadingCase::text).findFirst();
        Dialect dialect = reader.detect(one.input(), new ReadOptions(delimiter, encoding));
        var wishes = new Wishes(
                overrides,
                Map.of(),
                one.all("date-order").stream()
                        .map(order -> DateOrder.of(order).orElseThrow())
                        .findFirst(),
                NullTexts.everywhere(one.all("null")),
                NumberWords.NONE);
        return reader.profile(one.input(), dialect, wishes, Progress.SILENT);
    }

    private List<String> rows(TableBytes input, TableProfile profile) throws JobFailure, IOException {
        try (TypedTable table = reader.rows(input, profile)) {
            return CollectedRows.of(table, profile.columns().size()).stream()
                    .map(row -> row.stream()
                            .map(value -> value == null ? "∅" : value.toString())
                            .collect(Collectors.joining(" | ")))
                    .toList();
        }
    }

    private static String columns(TableProfile profile) {
        return String.join(
                ", ",
                profile.columns().stream()
                        .map(column -> column.column().name() + " "
                                + column.column().type().label())
                        .toList());
    }
}
