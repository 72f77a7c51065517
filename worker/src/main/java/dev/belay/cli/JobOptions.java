package dev.belay.cli;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Parsed;
import dev.belay.schemas.PublishStrategy;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that make a job message.
final class JobOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee = CommandSpec.create();

    @Option(
            names = "--dataset",
            paramLabel = "ID",
            description = "The dataset to load into (default: made from the file's name).")
    private @Nullable String dataset;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "replace (default), append, or upsert.",
            defaultValue = "replace")
    private Mode mode = Mode.REPLACE;

    @Option(
            names = "--key",
            paramLabel = "COL",
            split = ",",
            description = "Key column(s): no two rows may share them; required for upsert. May be repeated.")
    private List<String> key = new ArrayList<>();

    @Option(
            names = "--in-place",
            description =
                    "Delete the live table first instead of building beside it: for disks with no room for two copies.")
    private boolean inPlace;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            description = "Try up to N times, with back-off, whatever the failure (default: transient failures only).")
    private @Nullable Integer attempts;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "csv, json, xlsx, xls, ods or parquet (default: detected).")
    private JobMessage.Read.Format format = JobMessage.Read.Format.AUTO;

    @Option(
            names = "--member",
            paramLabel = "NAME",
            description = "The file of an archive, or the member of a JSON object, that holds the table.")
    private @Nullable String member;

    @Option(
            names = "--sheet",
            paramLabel = "NAME",
            description = "The sheet of a workbook, by name or number (default: the first that is not empty).")
    private @Nullable String sheet;

    @Option(
            names = "--each-sheet",
            description =
                    "Load every visible sheet of a local workbook, each into a dataset of its own: DATASET-SHEET.")
    private boolean eachSheet;

    @Option(
            names = "--header-row",
            paramLabel = "N",
            description = "The line or row of the header; what stands above is passed over (default: detected).")
    private @Nullable Integer headerRow;

    @Option(
            names = "--date-order",
            paramLabel = "ORDER",
            description = "dmy or mdy: what comes first in dates such as 1/2/2026 (default: the values decide).")
    private JobMessage.Read.@Nullable DateOrder dateOrder;

    @Option(
            names = "--null",
            paramLabel = "TEXT",
            description = "A text that stands for no value, such as NA; may be repeated.")
    private List<String> nulls = List.of();

    @Option(
            names = "--decimal-mark",
            paramLabel = "CHAR",
            description = "\".\" or \",\": what stands before the fraction of a number (default: the values decide).")
    private @Nullable String decimalMark;

    @Option(
            names = "--group-mark",
            paramLabel = "CHAR",
            description = "\".\", \",\", \" \" or \"'\": what parts groups of digits (default: the values decide).")
    private @Nullable String groupMark;

    @Option(names = "--delimiter", paramLabel = "CHARS", description = "The delimiter (default: detected).")
    private @Nullable String delimiter;

    @Option(names = "--quote", paramLabel = "CHAR", description = "The quote around fields (default: detected).")
    private @Nullable String quote;

    @Option(names = "--encoding", paramLabel = "NAME", description = "The file's encoding (default: detected).")
    private @Nullable String encoding;

    @Option(
            names = "--max-rejected-ratio",
            paramLabel = "R",
            description = "Share of records that may be rejected before the job fails, 0 to 1 (default: 0.05).")
    private @Nullable Double maxRejectedRatio;

    @Option(
            names = "--screen",
            paramLabel = "RULE",
            description = "What to do about values that look like personal data: off, report, review or block"
                    + " (default: as the worker's settings say).")
    private JobMessage.Rules.@Nullable Screen screen;

    @Option(
            names = "--override-policy",
            paramLabel = "RULE",
            description =
                    "What to do about values that are not of the type the dictionary demands: reject (default), fail"
                            + " or widen.")
    private JobMessage.Rules.@Nullable OverridePolicy overridePolicy;

    @Option(
            names = "--dedupe",
            paramLabel = "RULE",
            description = "Leave out records of the file that say the same as another: record (in all columns)"
                    + " or key (in those of --key).")
    private JobMessage.Rules.Dedupe.@Nullable By dedupe;

    @Option(
            names = "--dedupe-by",
            paramLabel = "COL",
            split = ",",
            description = "Leave out records that say the same as another in these columns. May be repeated.")
    private List<String> dedupeBy = List.of();

    @Option(
            names = "--dedupe-keep",
            paramLabel = "WHICH",
            description = "Which of them stays: first (default), or last (default for upsert).")
    private JobMessage.Rules.Dedupe.@Nullable Keep dedupeKeep;

    @Option(
            names = "--dry-run",
            description =
                    "Only say what the job would do: how the file is read, types, changes, rejects. Touch nothing.")
    private boolean dryRun;

    /// A message that says by itself what is to be done: no option says it once more, but that it be a dry run.
    ///
    /// @throws JobFailure `JOB_INVALID` when another option of a job was given, which would not be heeded
    JobMessage alone(JobMessage message) throws JobFailure {
        List<String> others = mixee.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> option.userObject() instanceof Field field
                        && field.getDeclaringClass() == JobOptions.class
                        && !field.getName().equals("dryRun"))
                .map(CommandLine.Model.OptionSpec::longestName)
                .toList();
        if (!others.isEmpty()) {
            throw JobFailure.permanent(
                    FailureCode.JOB_INVALID,
                    "the message of --job says by itself what is to be done; %s would not be heeded: say it there"
                            .formatted(String.join(", ", others)));
        }
        return dryRun ? message.asDryRun() : message;
    }

    /// The messages for one source: one, or one for each sheet of it.
    ///
    /// @param source  a path, made absolute here, or a URL
    /// @param options for the limits within which a workbook is looked into
    /// @throws JobFailure `JOB_INVALID` in the words the worker would use
    List<JobMessage> messages(String source, GlobalOptions options) throws JobFailure {
        if (!eachSheet) {
            return List.of(message(source, datasetOf(source), sheet));
        }
        if (sheet != null) {
            throw JobFailure.permanent(FailureCode.JOB_INVALID, "either --sheet or --each-sheet, not both");
        }
        Path book = local(source)
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "--each-sheet looks into a local workbook; of one that is elsewhere name a --sheet"));
        var messages = new ArrayList<JobMessage>();
        for (SheetNames.Named named : SheetNames.of(book, datasetOf(source), options.settings())) {
            messages.add(message(source, named.dataset(), named.sheet()));
        }
        return messages;
    }

    private JobMessage message(String source, String into, @Nullable String chosen) throws JobFailure {
        JobMessage.Rules rules = JobMessage.Rules.DEFAULT;
        if (maxRejectedRatio != null) {
            rules = rules.withMaxRejectedRatio(maxRejectedRatio);
        }
        if (screen != null) {
            rules = rules.withScreen(screen);
        }
        if (overridePolicy != null) {
            rules = rules.withOverridePolicy(overridePolicy);
        }
        rules = rules.withDedupe(deduped());
        JobMessage message = JobMessage.replace(into, JobMessage.Source.url(located(source)))
                .withJobId(UUID.randomUUID().toString())
                .withMode(mode, key)
                .withPublish(inPlace ? PublishStrategy.IN_PLACE : PublishStrategy.SWAP)
                .withRules(rules);
        message = message.withRead(new JobMessage.Read(
                format,
                member,
                chosen,
                named(delimiter),
                quote,
                encoding,
                headerRow,
                null,
                dateOrder,
                nulls,
                decimalMark,
                groupMark));
        if (attempts != null) {
            message = message.withRetry(new JobMessage.Retry(attempts, JobMessage.Retry.On.ANY));
        }
        return checked(dryRun ? message.asDryRun() : message);
    }

    private JobMessage.Rules.@Nullable Dedupe deduped() throws JobFailure {
        if (dedupe != null && !dedupeBy.isEmpty()) {
            throw JobFailure.permanent(
                    FailureCode.JOB_INVALID, "either --dedupe or --dedupe-by says what must be the same, not both");
        }
        if (dedupe == null && dedupeBy.isEmpty()) {
            if (dedupeKeep != null) {
                throw JobFailure.permanent(FailureCode.JOB_INVALID, "--dedupe-keep goes with --dedupe or --dedupe-by");
            }
            return null;
        }
        return new JobMessage.Rules.Dedupe(
                dedupe == null ? JobMessage.Rules.Dedupe.By.COLUMNS : dedupe,
                dedupeBy,
                dedupeKeep == null ? JobMessage.Rules.Dedupe.Keep.usual(mode) : dedupeKeep);
    }

    /// A job message as it will be read, or the reason why it will not.
    static JobMessage checked(JobMessage message) throws JobFailure {
        var codec = new MessageCodec();
        return switch (codec.readJob(codec.writeJob(message))) {
            case Parsed.Valid<JobMessage>(JobMessage valid) -> valid;
            case Parsed.Invalid<JobMessage> invalid ->
                throw JobFailure.permanent(FailureCode.JOB_INVALID, invalid.summary());
        };
    }

    /// The local file a source names, if it is one.
    static Optional<Path> local(String source) {
        return source.matches("(?i)[a-z][a-z0-9+.-]+:.*")
                ? Optional.empty()
                : Optional.of(Path.of(source).toAbsolutePath().normalize());
    }

    private static String located(String source) {
        return local(source).map(Path::toString).orElse(source);
    }

    private static @Nullable String named(@Nullable String delimiter) {
        return delimiter != null && (delimiter.equals("\\t") || delimiter.equalsIgnoreCase("tab")) ? "\t" : delimiter;
    }

    /// What of a name may stand in a dataset's id; perhaps nothing.
    static String plain(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]+", "-")
                .replaceFirst("^[^a-z0-9]+", "")
                .replaceFirst("-+$", "");
    }

    private String datasetOf(String source) throws JobFailure {
        if (dataset != null) {
            return dataset;
        }
        String name = source.replaceFirst("[?#].*", "").replaceFirst(".*[/\\\\]", "");
        String made = plain(name.replaceFirst("(?i)\\.(gz|zst|bz2|xz)$", "").replaceFirst("\\.[^.]*$", ""));
        if (made.isEmpty()) {
            throw JobFailure.permanent(
                    FailureCode.JOB_INVALID,
                    "no dataset id can be made from \"%s\": name one with --dataset".formatted(Excerpt.of(name)));
        }
        return made.length() > 100 ? made.substring(0, 100) : made;
    }
}
