package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every step of intake fails once, before it and after it: each job is said to have ended, once.
@ExtendWith(TestBrokers.class)
@FaultRow({"E2", "E3", "K1"})
final class FailedStepsTest {
    private static final List<FaultPoint> STEPS = List.of(
            FaultPoint.INTAKE_HANDLE, FaultPoint.INTAKE_SEND, FaultPoint.INTAKE_OFFSETS, FaultPoint.INTAKE_COMMIT);

    @Test
    void saysEverythingOnceWhicheverStepFails(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.start("a");
            int jobs = 0;
            for (FaultPoint step : STEPS) {
                for (Side side : Side.values()) {
                    try (var _ = failing(step, side)) {
                        bench.job("job-" + jobs++, "set");
                        bench.awaitTerminal(jobs);
                    }
                }
            }
            bench.assertExactlyOnce(jobs);
        }
    }

    @Test
    void renewsItsProducerAgainWhenThatFails(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.start("a");
            try (var _ = failing(FaultPoint.INTAKE_COMMIT, Side.BEFORE);
                    var _ = failing(FaultPoint.INTAKE_RENEW, Side.BEFORE);
                    var _ = failing(FaultPoint.INTAKE_RENEW, Side.AFTER)) {
                bench.job("job-0", "set");
                bench.awaitTerminal(1);
            }
            bench.assertExactlyOnce(1);
        }
    }

    @Test
    void endsRatherThanPassOverAMessageItHasPolled(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            int jobs = 0;
            for (Side side : Side.values()) {
                try (var _ = failing(FaultPoint.INTAKE_TAKE, side)) {
                    bench.job("job-" + jobs++, "set");
                    assertThat(bench.start("a").failure()).failsWithin(Duration.ofSeconds(60));
                }
                bench.start("a");
                bench.awaitTerminal(jobs);
            }
            bench.assertExactlyOnce(jobs);
        }
    }

    private static Faults.Arm failing(FaultPoint point, Side side) {
        return Faults.arm(point, side, () -> {
            throw new InjectedFault(point, side);
        });
    }
}
