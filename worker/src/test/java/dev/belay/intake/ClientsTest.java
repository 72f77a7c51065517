package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.JobState;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventType;
import dev.belay.schemas.JobMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBrokers.class)
final class ClientsTest {
    @Test
    void makesTopicsOnceAndFindsNothingToMend(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2);
                var admin = new TopicAdmin(bench.settings("admin"), Bench.PATIENCE)) {
            var plan = new TopicPlan(2, OptionalInt.empty(), Duration.ofDays(1), Duration.ofDays(1));

            assertThat(admin.create(plan)).isEmpty();
            assertThat(admin.check(plan)).isEmpty();
            assertThat(admin.check(TopicPlan.DEFAULT))
                    .isNotEmpty()
                    .allMatch(difference -> difference.what().startsWith("retention.ms is 86400000")
                            && difference.mend().startsWith("kafka-configs.sh"));
        }
    }

    @Test
    void followsASubmittedJobToItsEndInBothFormats(TestBroker broker) throws Exception {
        for (var format : EventFormat.values()) {
            try (var bench = new Bench(broker, 2)) {
                var settings = bench.settings("a");
                bench.start(
                        new IntakeSettings(
                                settings.topics(),
                                settings.slot(),
                                settings.group(),
                                settings.flow(),
                                new IntakeSettings.Emission(format, "/belay", true, Duration.ofMillis(1)),
                                settings.kafka()),
                        Intake.Hooks.NONE);
                try (var follower = EventFollower.fromNow(settings, Bench.PATIENCE);
                        var submitter = new JobSubmitter(settings)) {
                    var submitted = submitter.submit(message("job-1", "set-a"), Bench.PATIENCE);
                    var heard = new ArrayList<Event>();
                    var ends = follower.follow(Set.of(new JobId("job-1")), Bench.PATIENCE, heard::add);

                    assertThat(submitted.topic()).isEqualTo(bench.topics.jobs());
                    assertThat(ends.get(new JobId("job-1")))
                            .extracting(Event::type)
                            .isEqualTo(EventType.JOB_COMPLETED);
                }
                org.awaitility.Awaitility.await()
                        .atMost(Bench.PATIENCE)
                        .until(() -> bench.typesOf("job-1")
                                .containsAll(
                                        Set.of(EventType.JOB_ACCEPTED, EventType.JOB_STAGE, EventType.JOB_COMPLETED)));
            }
        }
    }

    @Test
    void makesANewJobOfADeadLetterEachTime(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1);
                var submitter = new JobSubmitter(bench.settings("s"))) {
            bench.saga.script = (_, delivery, _, _) -> ScriptedSaga.over(delivery, JobState.FAILED);
            bench.start("a");
            submitter.submit(message("job-1", "set-a"), Bench.PATIENCE);
            bench.awaitDeadLetters(1);
            var reader = new DeadLetterReader(bench.settings("r"), Bench.PATIENCE);

            var second = reader.again(new JobId("job-1"), _ -> false);
            assertThat(second).isEqualTo(message("job-1:2", "set-a"));
            submitter.submit(second, Bench.PATIENCE);
            bench.awaitDeadLetters(2);
            assertThat(reader.again(new JobId("job-1"), _ -> false).jobId()).isEqualTo("job-1:3");
            assertThat(reader.again(new JobId("job-1:2"), id -> id.value().equals("job-1:3"))
                            .jobId())
                    .isEqualTo("job-1:4");
            bench.assertExactlyOnce(2);
            assertThatExceptionOfType(JobFailure.class)
                    .isThrownBy(() -> reader.again(new JobId("nobody"), _ -> false))
                    .withMessageContaining("nobody");
        }
    }

    @Test
    void saysThatTopicsAreMissing(TestBroker broker) throws Exception {
        var settings = IntakeSettings.defaults(
                "a", Map.of("bootstrap.servers", broker.bootstrapServers(), "producer.max.block.ms", "2000"));
        settings = new IntakeSettings(
                new dev.belay.schemas.Topics("nothing-here"),
                settings.slot(),
                settings.group(),
                settings.flow(),
                settings.emission(),
                settings.kafka());
        var saga = new ScriptedSaga();
        try (var intake =
                new Intake(settings, new Intake.Parts(saga, "j", saga::announced), java.time.InstantSource.system())) {
            assertThatExceptionOfType(JobFailure.class)
                    .isThrownBy(intake::start)
                    .withMessageContaining("TOPICS_MISSING")
                    .withMessageContaining("nothing-here.jobs");
        }
    }

    private static JobMessage message(String job, String dataset) {
        return JobMessage.replace(dataset, JobMessage.Source.url("/a.csv")).withJobId(job);
    }
}
