package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import org.junit.jupiter.api.Test;

final class FakeSourceTest extends SourceContract {
    @Override
    Offer offering(byte[] content) {
        return new Offer(new FakeSource().with("mem/air.csv", content), "mem/air.csv", "mem/missing.csv");
    }

    @Test
    void failsAsScriptedAndThenDelivers() throws Exception {
        var source = new FakeSource()
                .with("air.csv", new byte[] {65})
                .failingNext("air.csv", JobFailure.transientFailure(FailureCode.HTTP_UNAVAILABLE, "503"));
        var fixture = new Fixture(workspace);

        fixture.fails(source, Fixture.job("air.csv"), Failure.Transient.class, FailureCode.HTTP_UNAVAILABLE);
        source.fetch(Fixture.job("air.csv"), fixture.target(), (done, total) -> {});

        assertThat(fixture.content()).containsExactly(65);
        assertThat(source.fetched()).containsExactly("air.csv", "air.csv");
    }
}
