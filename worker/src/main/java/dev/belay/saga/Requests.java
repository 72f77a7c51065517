package dev.belay.saga;

import dev.belay.job.DatasetId;
import dev.belay.job.DateOrder;
import dev.belay.job.DedupeRule;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.JobSource;
import dev.belay.job.Mode;
import dev.belay.job.NumberMarks;
import dev.belay.job.OverridePolicy;
import dev.belay.job.Place;
import dev.belay.job.PublishStrategy;
import dev.belay.job.ReadOptions;
import dev.belay.job.RetryRule;
import dev.belay.job.ScreenRule;
import dev.belay.job.Sha256;
import dev.belay.journal.JobRecord;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Turns a job message, as the schema has it, into the request that the worker works with. The one place where
/// the two meet.
public final class Requests {
    private final MessageCodec codec;
    private final int defaultAttempts;

    /// @param codec           reads and digests messages
    /// @param defaultAttempts for jobs that do not say how often they may be tried
    public Requests(MessageCodec codec, int defaultAttempts) {
        this.codec = codec;
        this.defaultAttempts = defaultAttempts;
    }

    /// The request of a message that the codec has read.
    ///
    /// @param id the message's own, or the one derived from its place
    /// @throws IllegalArgumentException for what the schema allows and the worker does not
    public JobRequest of(JobMessage message, JobId id) {
        JobMessage.Retry retry = message.retry();
        Integer attempts = retry.maxAttempts();
        return new JobRequest(
                id,
                new DatasetId(message.dataset()),
                source(message.source()),
                switch (message.mode()) {
                    case REPLACE -> Mode.REPLACE;
                    case APPEND -> Mode.APPEND;
                    case UPSERT -> Mode.UPSERT;
                },
                message.key(),
                switch (message.publish()) {
                    case SWAP -> PublishStrategy.SWAP;
                    case IN_PLACE -> PublishStrategy.IN_PLACE;
                },
                message.dryRun(),
                read(message.read()),
                message.rules().maxRejectedRatio(),
                switch (message.rules().overridePolicy()) {
                    case REJECT -> OverridePolicy.REJECT;
                    case FAIL -> OverridePolicy.FAIL;
                    case WIDEN -> OverridePolicy.WIDEN;
                },
                new RetryRule(attempts == null ? defaultAttempts : attempts, retry.on() == JobMessage.Retry.On.ANY),
                Optional.ofNullable(message.rules().screen()).map(Requests::screen),
                Optional.ofNullable(message.rules().dedupe()).map(dedupe -> dedupe(dedupe, message.key())),
                new Sha256(codec.requestDigest(message)));
    }

    /// The request of a job that is in the journal.
    ///
    /// @throws JobFailure when it cannot be read back: it is not what was written
    JobRequest of(JobRecord job) throws JobFailure {
        Parsed<JobMessage> parsed = codec.readJob(job.requestJson().getBytes(StandardCharsets.UTF_8));
        return switch (parsed) {
            case Parsed.Valid<JobMessage>(JobMessage message) -> of(message, job.job());
            case Parsed.Invalid<JobMessage> invalid ->
                throw new JobFailure(new Failure.Corrupt(
                        FailureCode.STORE_CORRUPT,
                        "the journal's copy of job %s cannot be read: %s".formatted(job.job(), invalid.summary()),
                        Place.NONE));
        };
    }

    private static JobSource source(JobMessage.Source source) {
        return switch (source) {
            case JobMessage.Source.Url url ->
                new JobSource.Url(url.url(), Optional.ofNullable(url.sha256()).map(Sha256::new));
            case JobMessage.Source.Version version -> new JobSource.Version(Math.toIntExact(version.version()));
        };
    }

    private static ScreenRule screen(JobMessage.Rules.Screen screen) {
        return switch (screen) {
            case OFF -> ScreenRule.OFF;
            case REPORT -> ScreenRule.REPORT;
            case REVIEW -> ScreenRule.REVIEW;
            case BLOCK -> ScreenRule.BLOCK;
        };
    }

    private static DedupeRule dedupe(JobMessage.Rules.Dedupe dedupe, List<String> key) {
        return new DedupeRule(
                switch (dedupe.by()) {
                    case RECORD -> List.of();
                    case KEY -> key;
                    case COLUMNS -> dedupe.columns();
                },
                switch (dedupe.keep()) {
                    case FIRST -> DedupeRule.Keep.FIRST;
                    case LAST -> DedupeRule.Keep.LAST;
                });
    }

    private static ReadOptions read(JobMessage.Read read) {
        Integer headerRow = read.headerRow();
        String quote = read.quote();
        return new ReadOptions(
                switch (read.format()) {
                    case AUTO -> Optional.empty();
                    case CSV -> Optional.of(ReadOptions.Format.CSV);
                    case JSON -> Optional.of(ReadOptions.Format.JSON);
                    case XLSX -> Optional.of(ReadOptions.Format.XLSX);
                    case XLS -> Optional.of(ReadOptions.Format.XLS);
                    case ODS -> Optional.of(ReadOptions.Format.ODS);
                    case PARQUET -> Optional.of(ReadOptions.Format.PARQUET);
                },
                Optional.ofNullable(read.member()),
                Optional.ofNullable(read.sheet()),
                Optional.ofNullable(read.delimiter()),
                quote == null ? Optional.empty() : Optional.of(quote.charAt(0)),
                Optional.ofNullable(read.encoding()),
                headerRow == null ? OptionalInt.empty() : OptionalInt.of(headerRow),
                Optional.ofNullable(read.dateOrder()).map(Requests::dateOrder),
                read.nullTokens(),
                new NumberMarks(
                        Optional.ofNullable(read.decimalMark()).flatMap(NumberMarks.Decimal::of),
                        Optional.ofNullable(read.groupMark()).flatMap(NumberMarks.Group::of)));
    }

    private static DateOrder dateOrder(JobMessage.Read.DateOrder order) {
        return switch (order) {
            case DMY -> DateOrder.DMY;
            case MDY -> DateOrder.MDY;
        };
    }
}
