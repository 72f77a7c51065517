package dev.belay.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.fault.FaultPoint.Side;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Points do what they are armed for, once, and an arm that nothing passes is an error.
final class FaultsTest {
    @Test
    void firesAtTheNthPassingOnly() {
        var fired = new AtomicInteger();
        try (var _ = Faults.arm(FaultPoint.JOURNAL_RELEASE, Side.AFTER, 2, fired::incrementAndGet)) {
            FaultPoint.JOURNAL_RELEASE.before();
            FaultPoint.JOURNAL_RELEASE.after();
            assertThat(fired).hasValue(0);
            FaultPoint.JOURNAL_RELEASE.after();
            FaultPoint.JOURNAL_RELEASE.after();
        }
        assertThat(fired).hasValue(1);
    }

    @Test
    void anArmThatNeverFiredIsAnError() {
        Faults.Arm arm = Faults.arm(FaultPoint.JOURNAL_RELEASE, Side.BEFORE, () -> {});

        assertThatThrownBy(arm::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("BEFORE JOURNAL_RELEASE was armed and never fired");
        assertThat(Faults.armed()).doesNotContain(arm);
    }

    @Test
    void whatTheActionThrowsThePassingCodeMeets() {
        try (var _ = Faults.arm(FaultPoint.DISK_FSYNC, Side.BEFORE, () -> {
            throw new InjectedFault(FaultPoint.DISK_FSYNC, Side.BEFORE);
        })) {
            assertThatThrownBy(FaultPoint.DISK_FSYNC::before)
                    .isInstanceOf(InjectedFault.class)
                    .hasMessage("injected before DISK_FSYNC");
        }
    }

    @Test
    void aWatcherSeesEveryPassing() {
        var seen = new ArrayList<String>();
        try (var _ = Faults.onEveryPass((point, side) -> seen.add(point + " " + side))) {
            FaultPoint.STASH_WRITE.before();
            FaultPoint.STASH_WRITE.after();
        }
        FaultPoint.STASH_WRITE.before();

        assertThat(seen).containsExactly("STASH_WRITE BEFORE", "STASH_WRITE AFTER");
    }
}
