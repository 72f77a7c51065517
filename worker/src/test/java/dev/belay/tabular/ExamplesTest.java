package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The files of `examples/` are what their README says.
final class ExamplesTest {
    private static final Path FOLDER = Path.of("..", "examples");

    @Test
    void airQualityHasEveryType() throws Exception {
        TableProfile profile = profile("air-quality.csv");

        assertThat(columns(profile))
                .containsExactly(
                        "station text",
                        "station_name text",
                        "measured_at timestamp",
                        "pm25 decimal",
                        "pm10 decimal",
                        "no2 integer",
                        "valid boolean",
                        "note text");
        assertThat(profile.rows()).isEqualTo(1000);
        assertThat(profile.rejected()).isZero();
        assertThat(profile.columns().get(3).nullCount()).isPositive();
    }

    @Test
    void theSecondVersionHasTheSameColumnsMoreRowsAndFiveCorrections() throws Exception {
        TableProfile first = profile("air-quality.csv");
        TableProfile second = profile("air-quality-v2.csv");

        List<List<String>> before = rows("air-quality.csv", first);
        List<List<String>> after = rows("air-quality-v2.csv", second);

        assertThat(columns(second)).isEqualTo(columns(first));
        assertThat(after).hasSize(1120);
        long changed = Stream.iterate(0, row -> row + 1)
                .limit(before.size())
                .filter(row -> !before.get(row).equals(after.get(row)))
                .count();
        assertThat(changed).isEqualTo(5);
    }

    @Test
    void theFailingOneIsGoodForSixHundredRowsAndThenBad() throws Exception {
        TableProfile profile = profile("fails-half-way.csv");

        assertThat(profile.dialect().names())
                .isEqualTo(profile("air-quality.csv").dialect().names());
        assertThat(profile.records()).isEqualTo(1000);
        assertThat(profile.rejected()).isGreaterThan(200);
        assertThat(profile.rejects().getFirst().place().record().orElseThrow()).isGreaterThan(600);
        assertThat(profile.rejects().getFirst().message()).endsWith("has 10 fields, the header has 8");
    }

    @Test
    void theHeaderAloneIsATableWithoutRows() throws Exception {
        assertThat(profile("header-only.csv").rows()).isZero();
    }

    @Test
    void theUpdateSharesTwoStationsWithTheStations() throws Exception {
        TableProfile stations = profile("stations.csv");
        TableProfile update = profile("stations-update.csv");

        List<String> known =
                rows("stations.csv", stations).stream().map(List::getFirst).toList();

        assertThat(columns(update))
                .isEqualTo(columns(stations))
                .containsExactly(
                        "station_id text",
                        "name text",
                        "city text",
                        "lat decimal",
                        "lon decimal",
                        "active boolean",
                        "opened date");
        assertThat(rows("stations-update.csv", update))
                .hasSize(4)
                .filteredOn(row -> known.contains(row.getFirst()))
                .hasSize(2);
    }

    private static TableProfile profile(String file) throws JobFailure, IOException {
        return profile(file, ReadOptions.DETECT);
    }

    private static TableProfile profile(String file, ReadOptions options) throws JobFailure, IOException {
        var reader = DelimitedReader.alone(ReadLimits.DEFAULTS);
        return reader.profile(bytes(file), reader.detect(bytes(file), options), Map.of(), Progress.SILENT);
    }

    private static List<List<String>> rows(String file, TableProfile profile) throws JobFailure, IOException {
        return new Reading(bytes(file), ReadLimits.DEFAULTS).rows(profile);
    }

    private static TableBytes bytes(String file) {
        try {
            return TableBytes.of(Files.readAllBytes(FOLDER.resolve(file)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> columns(TableProfile profile) {
        return profile.columns().stream()
                .map(column ->
                        column.column().name() + " " + column.column().type().label())
                .toList();
    }
}
