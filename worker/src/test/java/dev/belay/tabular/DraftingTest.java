package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.CollectedRows;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// When a table that is written while it is examined can be taken, and that it never is where it could not.
final class DraftingTest {
    private static final int CHUNK = 1 << 10;

    private final Cores cores = new Cores(3);
    private final List<KeptDraft> drafts = new ArrayList<>();

    @AfterEach
    void close() {
        cores.close();
    }

    private Optional<KeptDraft> drafted(String text) throws Exception {
        return drafted(text, Wishes.NONE, Drafts.IN_MEMORY);
    }

    private enum Drafts {
        IN_MEMORY,
        NOWHERE
    }

    /// @return the draft that was taken, having the rows of the table
    private Optional<KeptDraft> drafted(String text, Wishes wishes, Drafts where) throws Exception {
        var reader = new DelimitedReader(ReadLimits.DEFAULTS, cores, new Chunking(CHUNK, 100));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var drafting = new Drafting(columns -> {
            if (where == Drafts.NOWHERE) {
                throw new IOException("No space left on device");
            }
            drafts.add(new KeptDraft(columns.size()));
            return Optional.of(drafts.getLast());
        })) {
            Dialect dialect = reader.detect(TableBytes.of(bytes), ReadOptions.DETECT);
            TableProfile profile =
                    reader.profile(TableBytes.of(bytes), dialect, wishes, Optional.empty(), Progress.SILENT, drafting);
            try (TypedTable rows = reader.rows(TableBytes.of(bytes), profile, drafting)) {
                List<?> all = CollectedRows.of(rows, profile.columns().size());
                Optional<KeptDraft> taken = rows.draft().map(KeptDraft.class::cast);
                taken.ifPresent(draft -> assertThat(draft.rows()).isEqualTo(all));
                return taken;
            }
        }
    }

    private static String rows(String header, int count, java.util.function.IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(row).collect(Collectors.joining("\n", header + "\n", "\n"));
    }

    @Test
    void takesATableWhoseTypesAreTheSameAllOver() throws Exception {
        String text = rows(
                "n,d,t,w,z,b,u",
                2000,
                row -> "%d,%d.%02d,x%d,2026-01-%02d,2026-01-02T10:%02d:00Z,%s,%s"
                        .formatted(
                                row,
                                row,
                                row % 100,
                                row,
                                row % 28 + 1,
                                row % 60,
                                row % 2 == 0,
                                "01234567-89ab-cdef-0123-%012d".formatted(row)));

        assertThat(drafted(text)).isPresent();
    }

    @Test
    void givesPartsOnceMoreWhoseNumberOfRowsWasGuessedWrongly() throws Exception {
        String text = rows("n", 3000, row -> Integer.toString(row < 1500 ? row % 10 : row * 1_000_003));

        assertThat(drafted(text)).isPresent();
        assertThat(drafts.getLast().refused()).isPositive();
    }

    @Test
    void takesNoTableWithALateValueOfAnotherType() throws Exception {
        assertThat(drafted(rows("n", 3000, row -> row == 1234 ? "n/a" : "17"))).isEmpty();
        assertThat(drafted(rows("n", 3000, row -> row == 1234 ? "1.5" : "17"))).isEmpty();
        assertThat(drafted(rows("d", 3000, row -> row == 1234 ? "2026-02-30" : "2026-01-02")))
                .isEmpty();
        assertThat(drafted(rows("d", 3000, row -> row == 1234 ? "2026-01-02T10:00Z" : "2026-01-02")))
                .isEmpty();
        assertThat(drafted(rows("b", 3000, row -> row == 1234 ? "maybe" : "true")))
                .isEmpty();
    }

    /// Day and month of the first values may be either.
    @Test
    void takesNoTableWhoseDatesTurnOutToHaveAnotherOrder() throws Exception {
        assertThat(drafted(rows("d,n", 3000, row -> row == 1234 ? "13/1/2026,1" : "1/2/2026,1")))
                .isEmpty();
        assertThat(drafted(rows("d,n", 3000, row -> "13/1/2026,1"))).isPresent();
    }

    /// Both are kept as they are written.
    @Test
    void takesTextForWhateverElseIsKeptAsItIs() throws Exception {
        assertThat(drafted(rows("t,n", 3000, row -> row == 1234 ? "10:30,1" : ",1")))
                .isPresent();
        assertThat(drafted(rows("t,n", 3000, row -> row == 1234 ? "17,1" : ",1")))
                .isEmpty();
    }

    @Test
    void leavesOutRejectedRecords() throws Exception {
        String text = rows("n,t", 3000, row -> row % 7 == 0 ? row + ",x,too many" : row + ",x");

        assertThat(drafted(text)).isPresent();
        assertThat(drafts.getLast().rows()).hasSize(3000 - 429);
    }

    @Test
    void takesQuotedLinesThatNoChunkBeginsInRightly() throws Exception {
        String text = rows("n,t", 1500, row -> row + ",\"" + "a,b\n\"\"".repeat(row % 60) + "\"");

        assertThat(drafted(text)).isPresent();
    }

    @Test
    void takesARecordThatIsLongerThanAChunk() throws Exception {
        String text = rows("n,t", 1500, row -> row + "," + (row == 700 ? "x".repeat(5 * CHUNK) : "y"));

        assertThat(drafted(text)).isPresent();
    }

    @Test
    void goesOnWithoutADraftWhereThereIsNoRoomForOne() throws Exception {
        assertThat(drafted(rows("n", 2000, Integer::toString), Wishes.NONE, Drafts.NOWHERE))
                .isEmpty();
    }

    @Test
    void readsATableOfNoRows() throws Exception {
        assertThat(drafted("a,b\n")).isPresent();
        assertThat(drafts.getLast().rows()).isEmpty();
    }
}
