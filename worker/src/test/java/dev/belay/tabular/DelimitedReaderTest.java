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
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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

        reader.profile(Reading.bytes(text), dialect, Map.of(), (done, total) -> {
            assertThat(total).isEqualTo(-1);
            heard.add(done);
        });

        assertThat(heard).isSorted().hasSizeGreaterThan(3);
        assertThat(heard.getLast()).isEqualTo(text.length());
    }

    @Test
    void closesEveryStreamItOpens() throws Exception {
        var open = new AtomicInteger();
        TableBytes good = counted("a,b\n1,2\n", open);
        TableBytes bad = counted("a,b\n1,\"2\n", open);

        Dialect dialect = reader.detect(good, ReadOptions.DETECT);
        TableProfile profile = reader.profile(good, dialect, Map.of(), Progress.SILENT);
        try (TypedTable rows = reader.rows(good, profile)) {
            CollectedRows.of(rows, 2);
        }
        assertThatExceptionOfType(JobFailure.class)
                .isThrownBy(() -> reader.profile(bad, dialect, Map.of(), Progress.SILENT));
        TableBytes onlySeparator = counted("sep=;", open);
        assertThatExceptionOfType(JobFailure.class).isThrownBy(() -> reader.detect(onlySeparator, ReadOptions.DETECT));

        assertThat(open).hasValue(0);
    }

    @Test
    void anErrorOfTheSourceStaysAnErrorOfTheSource() {
        TableBytes broken = () -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk on fire");
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                throw new IOException("disk on fire");
            }
        };
        var dialect = new Dialect("UTF-8", false, ',', false, List.of("a"), List.of("a"), 1, List.of());

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> reader.profile(broken, dialect, Map.of(), Progress.SILENT))
                .withMessage("disk on fire");
    }

    @Test
    void badBytesAreFoundAtEveryEdgeOfTheBuffer() {
        for (int before = 65_530; before < 65_542; before++) {
            byte[] bytes = ("a\n" + "x".repeat(before - 2) + "\u20AC\n").getBytes(StandardCharsets.UTF_8);
            bytes[before + 1] = 'y'; // the euro sign's second byte
            int expected = before;

            assertThatExceptionOfType(JobFailure.class)
                    .isThrownBy(() -> reader.detect(() -> new ByteArrayInputStream(bytes), ReadOptions.DETECT))
                    .withMessageContaining("byte %d (line 2): E2", expected);
        }
    }

    private static TableBytes counted(String text, AtomicInteger open) {
        return () -> {
            open.incrementAndGet();
            return new FilterInputStream(Reading.bytes(text).open()) {
                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        };
    }
}
