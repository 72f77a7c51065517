package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BreakersTest {
    private static final HttpSettings ONE_AT_ONCE = new HttpSettings(
            Fixture.HTTP.allow(),
            Fixture.HTTP.ports(),
            Fixture.HTTP.connectTimeout(),
            Duration.ofMillis(50),
            Fixture.HTTP.bodyTimeout(),
            0,
            5,
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(50),
            100,
            Duration.ofMinutes(10),
            1);

    @Test
    void asksOneHostForNoMoreFilesAtOnceThanTheLimitButOtherHostsStill() throws Exception {
        var breakers = new Breakers(ONE_AT_ONCE);
        HttpUrl busy = HttpUrl.of("http://busy.example/a.csv");
        HttpUrl other = HttpUrl.of("http://other.example/a.csv");
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = executor.submit(() -> breakers.guarded(busy, () -> {
                begun.countDown();
                return end.await(1, TimeUnit.MINUTES);
            }));
            begun.await();

            JobFailure refused =
                    catchThrowableOfType(JobFailure.class, () -> breakers.guarded(busy, () -> "not reached"));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.HTTP_UNAVAILABLE);
            assertThat(refused.failure().message())
                    .contains("source.http.perHost")
                    .contains("busy.example");
            assertThat(breakers.guarded(other, () -> "answered")).isEqualTo("answered");
            end.countDown();
            assertThat(first.get()).isTrue();
            assertThat(breakers.guarded(busy, () -> "free again")).isEqualTo("free again");
        }
    }
}
