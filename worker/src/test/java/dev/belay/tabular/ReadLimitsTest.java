package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReadLimitsTest {
    private static final ReadLimits SMALL = new ReadLimits(100_000, 300_000, 5, 3);

    @Test
    void refusesAFieldOverTheLimit() {
        Failure failure = failure("a,note\n1,ok\n2," + "x".repeat(100_001) + "\n");

        assertThat(failure.code()).isEqualTo(FailureCode.FIELD_TOO_LARGE);
        assertThat(failure.message())
                .isEqualTo(
                        "record 2, column \"note\", starting on line 3, is larger than limits.fieldBytes (100000 bytes)");
        assertThat(failure.place().record()).hasValue(2);
        assertThat(failure.place().column()).hasValue("note");
    }

    @Test
    void takesAFieldOfExactlyTheLimitAndCountsBytesNotCharacters() throws Exception {
        String fits = "ü".repeat(50_000);

        TableProfile profile = new Reading(Reading.bytes("a\n" + fits + "\n"), SMALL).profile();

        assertThat(profile.rows()).isEqualTo(1);
        assertThat(failure("a\n" + fits + "x\n").code()).isEqualTo(FailureCode.FIELD_TOO_LARGE);
    }

    @Test
    void refusesAFieldFarOverTheLimitQuotedOrNot() {
        String huge = "x".repeat(2_000_000);

        assertThat(failure("a,b\n1," + huge + "\n").code()).isEqualTo(FailureCode.FIELD_TOO_LARGE);
        assertThat(failure("a,b\n1,\"" + huge + "\"\n").code()).isEqualTo(FailureCode.FIELD_TOO_LARGE);
    }

    @Test
    void refusesARecordOverTheLimit() {
        String field = "x".repeat(90_000);

        Failure failure = failure("a,b,c,d\n1,2,3,4\n" + String.join(",", field, field, field, field) + "\n");

        assertThat(failure.code()).isEqualTo(FailureCode.ROW_TOO_LARGE);
        assertThat(failure.message()).contains("record 2", "line 3", "limits.recordBytes (300000 bytes)", "column 4");
    }

    @Test
    void refusesTooManyColumnsWithTheirNumber() {
        String header = IntStream.range(0, 100_000).mapToObj(at -> "c").collect(Collectors.joining(","));

        Failure failure = failure(header + "\n");

        assertThat(failure.code()).isEqualTo(FailureCode.TOO_MANY_COLUMNS);
        assertThat(failure.message())
                .isEqualTo("the header on line 1 has 100000 columns, more than limits.columns (5)");
    }

    @Test
    void rejectsARecordWithVeryManyFieldsLikeAnyOther() throws Exception {
        TableProfile profile = new Reading(Reading.bytes("a,b\n" + ",".repeat(250_000) + "\n1,2\n"), SMALL).profile();

        assertThat(profile.rows()).isEqualTo(1);
        assertThat(profile.rejects().getFirst().message())
                .isEqualTo("record 1 (line 2) has 250001 fields, the header has 2");
    }

    @Test
    void keepsTheFirstRejectedRecordsAndCountsAll() throws Exception {
        TableProfile profile = new Reading(Reading.bytes("a,b\n" + "1\n".repeat(50)), SMALL).profile();

        assertThat(profile.rejects()).hasSize(3);
        assertThat(profile.rejected()).isEqualTo(50);
        assertThat(profile.records()).isEqualTo(50);
    }

    @Test
    void findsAnUnclosedQuoteBeforeManyMegabytesWithoutKeepingThem() {
        byte[] start = "a,b\n1,\"open\n".getBytes(StandardCharsets.UTF_8);
        byte[] line = "1,2\n".getBytes(StandardCharsets.UTF_8);
        TableBytes bytes = new TableBytes() {
            @Override
            public long size() {
                return start.length + (64L << 20);
            }

            @Override
            public int read(long position, byte[] target, int from, int length) {
                int count = (int) Math.min(length, size() - position);
                for (int at = 0; at < count; at++) {
                    long place = position + at;
                    target[from + at] = place < start.length
                            ? start[(int) place]
                            : line[(int) ((place - start.length) % line.length)];
                }
                return count > 0 ? count : -1;
            }
        };

        Failure failure = failure(bytes);

        assertThat(failure.code()).isEqualTo(FailureCode.CSV_UNCLOSED_QUOTE);
        assertThat(failure.message()).contains("record 1, column \"b\" on line 2");
    }

    @Test
    void hostileValuesCostNoMoreThanTheirLength() throws Exception {
        String digits = "1".repeat(1_000_000);
        String text =
                "a,b,c,d\n" + digits + ",1e" + digits + ",2026-01-01T" + digits + "," + "a".repeat(999_999) + "!\n";

        TableProfile profile = Reading.of(text).profile();

        assertThat(profile.columns())
                .allSatisfy(column -> assertThat(column.column().type().label()).isEqualTo("text"));
    }

    @Test
    void limitsAreSane() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReadLimits(0, 1, 1, 1))
                .withMessageContaining("limits.fieldBytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReadLimits(1, 1L << 40, 1, 1))
                .withMessageContaining("limits.recordBytes");
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadLimits(1, 1, 0, 1));
    }

    private static Failure failure(String text) {
        return failure(Reading.bytes(text));
    }

    private static Failure failure(TableBytes bytes) {
        var reader = DelimitedReader.alone(SMALL);
        JobFailure thrown = catchThrowableOfType(
                JobFailure.class,
                () -> reader.profile(bytes, reader.detect(bytes, ReadOptions.DETECT), Map.of(), Progress.SILENT));
        assertThat(thrown).isNotNull();
        return thrown.failure();
    }
}
