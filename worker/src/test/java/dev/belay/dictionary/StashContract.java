package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every stash promises, whatever it is made of.
abstract class StashContract {
    static final DatasetId AIR = new DatasetId("air");
    static final DatasetId WATER = new DatasetId("water");
    static final OperationId FIRST = operation(1);
    static final OperationId SECOND = operation(2);

    /// A stash over the same place each time it is asked for, as another process would open it.
    abstract Stash stash();

    /// Changes the stored copy without its digest.
    abstract void damage(DatasetId dataset, OperationId operation);

    static OperationId operation(int number) {
        return new OperationId("01HZZZZZZZZZZZZZZZZZZZ%04d".formatted(number));
    }

    static StashEntry entry(DatasetId dataset, OperationId operation) {
        return new StashEntry(
                dataset,
                new Incarnation("01HZZZZZZZZZZZZZZZZZZZ9999"),
                operation,
                1,
                new CommitId("01HZZZZZZZZZZZZZZZZZZZ0000-c"),
                Instant.parse("2026-11-21T05:43:36.123456789Z"),
                new DictionaryDocument(
                        "{\"fields\":[{\"name\":\"größe\",\"title\":\"Größe \\\"in\\\" m² 🙂\",\"unit\":1.50}]}"));
    }

    @Test
    void readsBackWhatWasPutWordForWord() {
        StashEntry entry = entry(AIR, FIRST);

        stash().put(entry);

        assertThat(stash().read(AIR)).containsExactly(new StashReading.Held(entry));
    }

    @Test
    void isEmptyWhereNothingWasPut() {
        assertThat(stash().read(AIR)).isEmpty();
        assertThat(stash().list()).isEmpty();
    }

    @Test
    void replacesTheOperationsOwnCopyOnly() {
        StashEntry first = entry(AIR, FIRST);
        StashEntry again = new StashEntry(
                AIR, first.incarnation(), FIRST, 2, first.base(), first.createdAt(), new DictionaryDocument("{}"));
        stash().put(entry(AIR, SECOND));
        stash().put(first);

        stash().put(again);

        assertThat(stash().read(AIR))
                .containsExactly(new StashReading.Held(entry(AIR, SECOND)), new StashReading.Held(again));
    }

    @Test
    void listsByDatasetThenNewestFirst() {
        stash().put(entry(WATER, FIRST));
        stash().put(entry(AIR, FIRST));
        stash().put(entry(AIR, SECOND));

        assertThat(stash().list())
                .containsExactly(
                        new StashReading.Held(entry(AIR, SECOND)),
                        new StashReading.Held(entry(AIR, FIRST)),
                        new StashReading.Held(entry(WATER, FIRST)));
    }

    @Test
    void clearsOneOperationsCopyAndSaysWhetherThereWasOne() {
        stash().put(entry(AIR, FIRST));
        stash().put(entry(AIR, SECOND));
        stash().put(entry(WATER, FIRST));

        assertThat(stash().clear(AIR, FIRST)).isTrue();
        assertThat(stash().clear(AIR, FIRST)).isFalse();

        assertThat(stash().list())
                .containsExactly(new StashReading.Held(entry(AIR, SECOND)), new StashReading.Held(entry(WATER, FIRST)));
    }

    @Test
    void reportsADamagedCopyAsCorruptInEveryReadingUntilItIsResolved() {
        stash().put(entry(AIR, FIRST));
        stash().put(entry(WATER, FIRST));
        damage(AIR, FIRST);

        assertThat(stash().read(AIR)).singleElement().isInstanceOf(StashReading.Corrupt.class);
        StashReading.Corrupt corrupt = onlyCorrupt(stash().read(AIR));
        assertThat(corrupt.dataset()).isEqualTo(AIR);
        assertThat(stash().list()).containsExactly(corrupt, new StashReading.Held(entry(WATER, FIRST)));

        assertThat(stash().resolve(corrupt)).isTrue();
        assertThat(stash().resolve(corrupt)).isFalse();
        assertThat(stash().read(AIR)).isEmpty();
    }

    @Test
    void keepsACorruptCopyWhenTheSameOperationStashesAgainAndClears() {
        stash().put(entry(AIR, FIRST));
        damage(AIR, FIRST);
        StashReading.Corrupt corrupt = onlyCorrupt(stash().read(AIR));

        stash().put(entry(AIR, FIRST));
        assertThat(stash().read(AIR)).containsExactlyInAnyOrder(corrupt, new StashReading.Held(entry(AIR, FIRST)));

        assertThat(stash().clear(AIR, FIRST)).isTrue();
        assertThat(stash().read(AIR)).containsExactly(corrupt);
    }

    @Test
    void resolvesNothingThatIsNotThere() {
        stash().put(entry(AIR, FIRST));

        assertThat(stash().resolve(new StashReading.Corrupt(AIR, "elsewhere", "invented")))
                .isFalse();
        assertThat(stash().resolve(new StashReading.Corrupt(AIR, "../../etc/passwd.json", "invented")))
                .isFalse();

        assertThat(stash().read(AIR)).hasSize(1);
    }

    @Test
    void keepsCopiesOfManyThreadsApart() throws Exception {
        List<StashEntry> entries =
                IntStream.range(0, 16).mapToObj(n -> entry(AIR, operation(n))).toList();

        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> puts = entries.stream()
                    .<Callable<Boolean>>map(entry -> () -> {
                        stash().put(entry);
                        return stash().read(AIR).contains(new StashReading.Held(entry));
                    })
                    .toList();
            for (var put : threads.invokeAll(puts)) {
                assertThat(put.get()).isTrue();
            }
        }

        assertThat(stash().read(AIR))
                .containsExactlyElementsOf(entries.reversed().stream()
                        .<StashReading>map(StashReading.Held::new)
                        .toList());
    }

    @Test
    void isNeverAskedForIdsThatLeadElsewhere() {
        for (String hostile : List.of("../air", "/etc", "a/b", "..", ".", "", "a\0", "_quarantine", "A", "a\\b", "é")) {
            assertThatThrownBy(() -> new DatasetId(hostile)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new OperationId(hostile)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    static StashReading.Corrupt onlyCorrupt(List<StashReading> readings) {
        return readings.stream()
                .filter(StashReading.Corrupt.class::isInstance)
                .map(StashReading.Corrupt.class::cast)
                .reduce((one, another) -> {
                    throw new AssertionError("two corrupt copies");
                })
                .orElseThrow();
    }
}
