package dev.belay.intake;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.MessageFormatException;
import dev.belay.schemas.Parsed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds dead letters and makes new jobs of them. A job that has failed keeps its one terminal event; what is produced
/// again is another job: `JOB:2`, `JOB:3`, and so on.
public final class DeadLetterReader {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterReader.class);
    private static final Pattern NUMBERED = Pattern.compile("(.*):([1-9][0-9]{0,4})");
    private static final Duration POLL = Duration.ofMillis(100);

    private final MessageCodec codec = new MessageCodec();
    private final IntakeSettings settings;
    private final Duration patience;

    /// @param patience how long the broker has for each answer
    public DeadLetterReader(IntakeSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /// All dead letters that are kept, oldest first within a partition.
    ///
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public List<DeadLetter> all() throws JobFailure {
        var letters = new ArrayList<DeadLetter>();
        try (var reader = new TopicReader(settings, settings.topics().deadLetters(), patience)) {
            reader.toBeginning();
            var ends = reader.ends();
            while (!reader.isPast(ends)) {
                for (var record : reader.poll(POLL)) {
                    if (record.value() != null) {
                        read(record.value()).ifPresent(letters::add);
                    }
                }
            }
        }
        return List.copyOf(letters);
    }

    private Optional<DeadLetter> read(byte[] value) {
        try {
            return Optional.of(codec.readDeadLetter(value));
        } catch (MessageFormatException foreign) {
            LOG.warn(
                    "a record in {} is no dead letter of ours",
                    settings.topics().deadLetters(),
                    foreign);
            return Optional.empty();
        }
    }

    /// The newest dead letter of a job.
    ///
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public Optional<DeadLetter> find(JobId job) throws JobFailure {
        return all().stream()
                .filter(letter -> job.value().equals(letter.jobId()))
                .reduce((older, newer) -> newer);
    }

    /// The job of a dead letter as a new job, ready to be submitted.
    ///
    /// @param taken whether an id was used before, as far as the caller knows
    /// @throws JobFailure `JOB_INVALID` when there is no dead letter, or its message cannot be a job
    public JobMessage again(JobId job, Predicate<JobId> taken) throws JobFailure {
        var known = new HashSet<String>();
        var letters = all();
        letters.forEach(letter -> known.add(String.valueOf(letter.jobId())));
        var letter = letters.stream()
                .filter(one -> job.value().equals(one.jobId()))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "there is no dead letter of job \"%s\" in %s"
                                .formatted(job, settings.topics().deadLetters())));
        var value = letter.originalValue()
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.JOB_TOO_LARGE,
                        "the message of job \"%s\" (%,d bytes) was too large to be kept"
                                .formatted(job, letter.valueBytes())));
        return switch (codec.readJob(headers(letter), value)) {
            case Parsed.Valid<JobMessage> valid ->
                valid.message()
                        .withJobId(next(job, id -> known.contains(id.value()) || taken.test(id))
                                .value());
            case Parsed.Invalid<JobMessage> invalid ->
                throw JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "job \"%s\" is no valid job and would fail again: %s".formatted(job, invalid.summary()));
        };
    }

    private static Map<String, String> headers(DeadLetter letter) {
        var text = new HashMap<String, String>();
        for (var header : letter.headers()) {
            String value = header.value();
            if (value != null) {
                byte[] bytes = Base64.getDecoder().decode(value);
                text.put(header.name().toLowerCase(Locale.ROOT), new String(bytes, StandardCharsets.UTF_8));
            }
        }
        return text;
    }

    /// The first free id after `job`: `job:2` for a first time, one more for a job that is a repetition itself.
    static JobId next(JobId job, Predicate<JobId> taken) throws JobFailure {
        var numbered = NUMBERED.matcher(job.value());
        String stem = numbered.matches() ? numbered.group(1) : job.value();
        int number = numbered.matches() ? Integer.parseInt(numbered.group(2)) : 1;
        while (true) {
            number++;
            String next = stem + ":" + number;
            if (next.length() > 128) {
                throw JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "the id \"%s\" is too long to be numbered; submit the job under another id"
                                .formatted(Excerpt.of(stem)));
            }
            var id = new JobId(next);
            if (!taken.test(id)) {
                return id;
            }
        }
    }
}
