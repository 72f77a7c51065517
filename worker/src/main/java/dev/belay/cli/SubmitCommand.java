package dev.belay.cli;

import dev.belay.intake.JobSubmitter;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay submit`: writes job messages; `--wait` follows them to their ends.
@Command(
        name = "submit",
        description = "Write job messages to Kafka; --wait follows them to the end.",
        mixinStandardHelpOptions = true)
final class SubmitCommand extends dev.belay.cli.Command {
    @Parameters(arity = "0..*", paramLabel = "SRC", description = "Files the workers can read, or http(s) URLs.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--job",
            paramLabel = "FILE",
            description = "A job message as JSON, sent as it is. Of a job's options only --dry-run goes with it.")
    private @Nullable Path jobFile;

    @Mixin
    private JobOptions job = new JobOptions();

    @Option(names = "--wait", description = "Follow the jobs to their ends and exit by outcome.")
    private boolean waits;

    @Option(
            names = "--json",
            description = "Print JSON: the terminal event's data with --wait, else where the message stands.")
    private boolean json;

    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    SubmitCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        List<JobMessage> messages = messages(sources, job, jobFile, options);
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        String servers = GlobalOptions.requiredBootstrapServers(settings);
        try (KafkaWay way = KafkaWay.to(settings, servers)) {
            if (waits) {
                return new JobsView(screen, new JobsView.Manner(json, quiet), settings).load(way, messages);
            }
            try (var submitter = new JobSubmitter(way.intake())) {
                for (JobMessage message : messages) {
                    print(submitter.submit(message, KafkaWay.PATIENCE), message);
                }
            }
            return ExitCode.DONE;
        }
    }

    /// The messages of sources and of a job file.
    ///
    /// @throws JobFailure `JOB_INVALID` when there is neither, or an option that a job file does not heed
    static List<JobMessage> messages(
            List<String> sources, JobOptions job, @Nullable Path jobFile, GlobalOptions options) throws JobFailure {
        var messages = new ArrayList<JobMessage>();
        for (String source : sources) {
            messages.addAll(job.messages(source, options));
        }
        if (jobFile != null) {
            messages.add(job.alone(fromFile(jobFile)));
        }
        if (messages.isEmpty()) {
            throw JobFailure.permanent(FailureCode.JOB_INVALID, "name a source, or a job message with --job FILE");
        }
        return messages;
    }

    /// The message of a file; a path in it is taken from the present folder, an id is minted if it has none.
    static JobMessage fromFile(Path file) throws JobFailure {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException failed) {
            throw JobFailure.permanent(FailureCode.SOURCE_NOT_FOUND, "%s cannot be read: %s".formatted(file, failed));
        }
        return switch (new MessageCodec().readJob(bytes)) {
            case Parsed.Valid<JobMessage>(JobMessage message) -> located(message);
            case Parsed.Invalid<JobMessage> invalid ->
                throw JobFailure.permanent(FailureCode.JOB_INVALID, file + ": " + invalid.summary());
        };
    }

    private static JobMessage located(JobMessage message) {
        JobMessage named =
                message.jobId() == null ? message.withJobId(UUID.randomUUID().toString()) : message;
        if (named.source() instanceof JobMessage.Source.Url url) {
            String place = JobOptions.local(url.url()).map(Path::toString).orElse(url.url());
            return named.withSource(new JobMessage.Source.Url(place, url.sha256(), url.secretRef()));
        }
        return named;
    }

    private void print(JobSubmitter.Submitted submitted, JobMessage message) {
        if (json) {
            screen.print("{\"jobId\":\"%s\",\"dataset\":\"%s\",\"topic\":\"%s\",\"partition\":%d,\"offset\":%d}"
                    .formatted(
                            submitted.job(),
                            message.dataset(),
                            submitted.topic(),
                            submitted.partition(),
                            submitted.offset()));
        } else {
            screen.print("submitted %s for %s".formatted(submitted.job(), message.dataset()));
            screen.say("next      belay jobs watch " + submitted.job());
        }
    }
}
