package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class OffsetLedgerTest {
    private static final int WINDOW = 32;

    /// One worker's life: messages with gaps between them come, end in any order, and are committed in batches;
    /// then the next worker begins with what was committed last.
    @Property(tries = 500)
    void neverForgetsAndNeverInventsASettledMessage(
            @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 9) Integer> steps) {
        var log = new Log(steps);
        for (int step : steps) {
            switch (step) {
                case 0, 1, 2, 3 -> log.deliver();
                case 4, 5, 6 -> log.finish(step);
                case 7, 8 -> log.commit();
                default -> log.crash();
            }
            log.check();
        }
        log.finishAll();
        assertThat(log.settled).isEqualTo(new HashSet<>(log.offsets));
    }

    @Test
    void holdsTheWindow() {
        var ledger = new OffsetLedger(WINDOW);
        ledger.open(100);

        assertThat(ledger.admits(100 + WINDOW - 1)).isTrue();
        assertThat(ledger.admits(100 + WINDOW)).isFalse();
        ledger.settle(List.of(100L));
        assertThat(ledger.admits(1_000_000)).isTrue();
    }

    @Test
    void takesOffsetsWithoutAMessageForSettled() {
        var ledger = new OffsetLedger(WINDOW);
        ledger.open(5);
        ledger.open(9);

        assertThat(ledger.marksAfter(List.of(5L)).watermark()).isEqualTo(9);
        assertThat(ledger.marksAfter(List.of(9L)).contains(7)).isTrue();
        assertThat(ledger.marksAfter(List.of(9L)).watermark()).isEqualTo(5);
    }

    @Test
    void passesWhatAnEarlierOwnerHasSettled() {
        var settled = new BitSet();
        settled.set(1);
        var ledger = new OffsetLedger(WINDOW, new OffsetLedger.Marks(10, settled));

        assertThat(ledger.passes(10)).isFalse();
        ledger.open(10);
        assertThat(ledger.passes(11)).isFalse();
        assertThat(ledger.passes(12)).isTrue();
    }

    @Test
    void refusesAWindowThatWouldNotFitIntoTheMetadata() {
        assertThatThrownBy(() -> new OffsetLedger(OffsetLedger.WIDEST_WINDOW + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16385");
    }

    @Test
    void noticesThatTheLogHasGoneBack() {
        var ledger = new OffsetLedger(WINDOW, new OffsetLedger.Marks(10, new BitSet()));

        assertThat(ledger.isBehind(9)).isTrue();
        assertThat(ledger.isBehind(10)).isFalse();
    }

    /// The model: a log of messages, those that are settled for the world, and those the present worker has
    /// finished.
    private static final class Log {
        final List<Long> offsets;
        final Set<Long> settled = new HashSet<>();
        private final Set<Long> handed = new HashSet<>();
        private final TreeSet<Long> open = new TreeSet<>();
        private final Set<Long> finished = new HashSet<>();
        private OffsetLedger ledger = new OffsetLedger(WINDOW);
        private OffsetLedger.Marks committed = new OffsetLedger.Marks(0, new BitSet());
        private int at;

        Log(List<Integer> gaps) {
            var made = new TreeSet<Long>();
            long offset = 0;
            for (int gap : gaps) {
                made.add(offset);
                offset += 1 + (gap > 7 ? gap : 0);
            }
            offsets = List.copyOf(made);
        }

        void deliver() {
            if (at == offsets.size()) {
                return;
            }
            long offset = offsets.get(at);
            if (ledger.passes(offset)) {
                assertThat(settled).contains(offset);
                at++;
            } else if (ledger.admits(offset)) {
                assertThat(settled).doesNotContain(offset);
                ledger.open(offset);
                open.add(offset);
                handed.add(offset);
                at++;
            }
        }

        void finish(int which) {
            open.stream().skip(which % Math.max(1, open.size())).findFirst().ifPresent(offset -> {
                open.remove(offset);
                finished.add(offset);
            });
        }

        void commit() {
            if (finished.isEmpty()) {
                return;
            }
            var text = OffsetMetadata.encode(
                    "j",
                    "AAAAAAAAAAAAAAAAAAAAAA",
                    0,
                    ledger.marksAfter(finished).settled());
            var read = (OffsetMetadata.Reading.Settled) OffsetMetadata.decode(text, "j");
            committed = new OffsetLedger.Marks(ledger.marksAfter(finished).watermark(), read.bits());
            ledger.settle(finished);
            settled.addAll(finished);
            finished.clear();
        }

        void crash() {
            open.clear();
            finished.clear();
            ledger = new OffsetLedger(WINDOW, committed);
            at = (int) offsets.stream()
                    .filter(offset -> offset < committed.watermark())
                    .count();
        }

        void check() {
            assertThat(offsets.stream().filter(committed::contains)).containsExactlyInAnyOrderElementsOf(settled);
        }

        void finishAll() {
            while (at < offsets.size() || !open.isEmpty() || !finished.isEmpty()) {
                deliver();
                finish(0);
                commit();
                check();
            }
        }
    }
}
