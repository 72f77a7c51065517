package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.job.CollectedRows;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DelimitedReaderTest {
    private final DelimitedReader reader = DelimitedReader.alone(ReadLimits.DEFAULTS);

    @Test
    void saysSoWhenTheFileIsAnotherTheSecondTime() throws Exception {
        TableProfile profile = Reading.of("a\n1\n2\n3\n").profile();

        try (TypedTable rows = reader.rows(Reading.bytes("a\n1\n2\n"), profile)) {
            assertThatExceptionOfType(JobFailure.class)
                    .isThrownBy(() -> CollectedRows.of(rows, 1))
                    .extracting(JobFailure::failure)
                    .isInstanceOf(Failure.Transient.class)
                    .extracting(Failure::code)
                    .isEqualTo(FailureCode.SOURCE_CHANGED);
        }
    }

    /// As long as before, and with as many rows.
    @ParameterizedTest
    @CsvSource({
        "17, 1x",
        "1.50, 1.5x",
        "2.5e10, 2.5x10",
        "true, trux",
        "2026-11-25, 2026-13-25",
        "2026-11-25T10:00, 2026-11-25T25:00"
    })
    void saysSoWhenAValueIsOfAnotherTypeTheSecondTime(String before, String after) throws Exception {
        TableProfile profile = Reading.of("a\n" + before + "\n").profile();

        try (TypedTable rows = reader.rows(Reading.bytes("a\n" + after + "\n"), profile)) {
            assertThatExceptionOfType(JobFailure.class)
                    .isThrownBy(() -> CollectedRows.of(rows, 1))
                    .extracting(failed -> failed.failure().code())
                    .isEqualTo(FailureCode.SOURCE_CHANGED);
        }
    }

    @Test
    void givesTheSameRowsEveryTimeItIsAsked() throws Exception {
        TableProfile profile = Reading.of("a,b\n1,x\n").profile();

        try (TypedTable rows = reader.rows(Reading.bytes("a,b\n1,x\n"), profile)) {
            assertThat(CollectedRows.of(rows, 2)).containsExactly(List.of(1L, "x"));
            assertThat(CollectedRows.of(rows, 2)).containsExactly(List.of(1L, "x"));
        }
    }

    @Test
    void tellsTheBytesReadAsItGoes() throws Exception {
        String text = "a,b\n" + "1,2\n".repeat(100_000);
        List<Long> heard = new ArrayList<>();
        Dialect dialect = reader.detect(Reading.bytes(text), ReadOptions.DETECT);
        var inChunks = new DelimitedReader(ReadLimits.DEFAULTS, new Cores(2), new Chunking(1 << 16, 1 << 10));

        inChunks.profile(Reading.bytes(text), dialect, Map.of(), (done, total) -> {
            assertThat(total).isEqualTo(-1);
            heard.add(done);
        });

        assertThat(heard).isSorted().hasSizeGreaterThan(3);
        assertThat(heard.getLast()).isEqualTo(text.length());
    }

    @Test
    void closesTheBytesItsRowsAreReadFrom() throws Exception {
        var closed = new AtomicInteger();
        TableBytes text = Reading.bytes("a,b\n1,2\n");
        TableBytes counted = new TableBytes() {
            @Override
            public long size() throws IOException {
                return text.size();
            }

            @Override
            public int read(long position, byte[] target, int from, int length) throws IOException {
                return text.read(position, target, from, length);
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };

        TableProfile profile = Reading.of("a,b\n1,2\n").profile();
        try (TypedTable rows = reader.rows(counted, profile)) {
            CollectedRows.of(rows, 2);
            assertThat(closed).hasValue(0);
        }

        assertThat(closed).hasValue(1);
    }

    @Test
    void anErrorOfTheSourceStaysAnErrorOfTheSource() {
        TableBytes broken = new TableBytes() {
            @Override
            public long size() {
                return 100;
            }

            @Override
            public int read(long position, byte[] target, int from, int length) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        var dialect = new Dialect(",", 0, 0, PassedOver.NOTHING, List.of("a"), List.of("a"), 1, List.of());

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> reader.profile(broken, dialect, Map.of(), Progress.SILENT))
                .withMessage("disk on fire");
    }

    @Test
    void badBytesAreFoundAtEveryEdgeOfTheBuffer() throws Exception {
        for (int before = 65_530; before < 65_542; before++) {
            byte[] bytes = ("a\n" + "x".repeat(before - 2) + "\u20AC\n").getBytes(StandardCharsets.UTF_8);
            bytes[before + 1] = 'y'; // the euro sign's second byte

            TableProfile profile = new Reading(TableBytes.of(bytes), ReadLimits.DEFAULTS).profile();

            assertThat(profile.rejects()).singleElement().satisfies(reject -> {
                assertThat(reject.code()).isEqualTo(RejectCode.ENCODING);
                assertThat(reject.message()).startsWith("record 1 (line 2)");
            });
            assertThat(profile.rejects().getFirst().place().byteOffset()).hasValue(before);
            assertThat(profile.rejects().getFirst().message()).contains("byte %d: E2".formatted(before));
        }
    }
}
