package dev.belay.schemas;

import dev.belay.schemas.JobMessage.Read;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.JobMessage.Rules.Dedupe;
import dev.belay.schemas.JobMessage.Rules.Dedupe.By;
import dev.belay.schemas.JobMessage.Rules.Dedupe.Keep;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.JsonFields.TextRule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Checks a job or control message against its schema and makes the record. The rules are those of
/// `job.schema.json` and `control.schema.json`, written out by hand: a validator library would take longer to
/// start than the rest of a command, and could not say in plain words what is expected. A test runs both over
/// the same messages.
final class JobReader {
    static final List<String> FIELDS = List.of(
            "jobId",
            "dataset",
            "source",
            "mode",
            "key",
            "publish",
            "retry",
            "read",
            "rules",
            "owner",
            "groups",
            "callback",
            "dryRun");
    static final List<String> CONTROL_FIELDS = List.of("command", "jobId", "dataset", "by", "reason");

    private static final long LARGEST_VERSION = 9_007_199_254_740_991L;
    private static final int MAX_KEY_COLUMNS = 16;
    private static final int MAX_GROUPS = 100;
    private static final int MAX_NULL_TOKENS = 20;
    private static final List<By> BY = List.of(By.RECORD, By.KEY);
    private static final String BY_WORDS = "\"record\", \"key\"";

    private static final TextRule JOB_ID = TextRule.of(
            128,
            "[A-Za-z0-9][A-Za-z0-9._:-]{0,127}",
            "1 to 128 letters, digits, dots, underscores, colons or hyphens, the first a letter or digit");
    private static final TextRule DATASET = TextRule.of(
            100,
            "(?!.*\\.\\.)[a-z0-9][a-z0-9._-]{0,99}",
            "1 to 100 lower-case letters, digits, dots, underscores or hyphens, the first a letter or digit, with no"
                    + " \"..\"");
    private static final TextRule LABEL =
            TextRule.of(200, "[^\\x00-\\x1f\\x7f]+", "a text of 1 to 200 characters without control characters");
    private static final TextRule URL = new TextRule(
            4096,
            Pattern.compile("[^\\x00-\\x1f\\x7f]+"),
            "an http, https or file URL or a path, 1 to 4096 characters without control characters",
            TextRule.Shown.NOTHING);
    private static final TextRule SHA256 =
            TextRule.of(64, "[0-9a-f]{64}", "a SHA-256 as 64 lower-case hexadecimal digits");
    private static final TextRule DELIMITER =
            TextRule.of(8, "[^\\x00\\r\\n\"]{1,8}", "1 to 8 characters, none of them a line break or a double quote");
    private static final TextRule QUOTE = TextRule.of(1, "[^\\x00\\r\\n]", "one character that is no line break");
    private static final TextRule DECIMAL_MARK = TextRule.of(1, "[.,]", "\".\" or \",\"");
    private static final TextRule GROUP_MARK = TextRule.of(1, "[., ']", "\".\", \",\", \" \" or \"'\"");
    private static final TextRule ENCODING = TextRule.of(
            40, "[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}", "the name of an encoding such as utf-8 or windows-1252");

    Parsed<JobMessage> job(JsonNode tree, String pointer) {
        List<Problem> problems = new ArrayList<>();
        JsonFields fields = new JsonFields(tree, pointer, problems, FIELDS);
        if (!tree.isObject()) {
            return Parsed.invalid(problems);
        }
        String jobId = fields.text("jobId", JOB_ID);
        String dataset = fields.requiredText("dataset", DATASET);
        Source source = source(fields);
        Mode mode = fields.choice("mode", Mode.class, Mode.REPLACE);
        JobMessage job = new JobMessage(
                jobId,
                dataset,
                source,
                mode,
                fields.texts("key", MAX_KEY_COLUMNS, LABEL),
                fields.choice("publish", PublishStrategy.class, PublishStrategy.SWAP),
                retry(fields),
                read(fields),
                rules(fields, mode),
                fields.text("owner", LABEL),
                fields.texts("groups", MAX_GROUPS, LABEL),
                null,
                fields.truth("dryRun"));
        fields.onlyNull("callback");
        checkTogether(job, fields, problems);
        return problems.isEmpty()
                ? new Parsed.Valid<>(job)
                : new Parsed.Invalid<>(problems, jobId, dataset.isEmpty() ? null : dataset);
    }

    Parsed<ControlMessage> control(JsonNode tree) {
        List<Problem> problems = new ArrayList<>();
        JsonFields fields = new JsonFields(tree, "", problems, CONTROL_FIELDS);
        if (!tree.isObject()) {
            return Parsed.invalid(problems);
        }
        if (!fields.has("command")) {
            fields.problem("command", "is required and must be \"cancel\" or \"approve\" or \"reject\"");
        }
        ControlMessage message = new ControlMessage(
                fields.choice("command", ControlMessage.Command.class, ControlMessage.Command.CANCEL),
                fields.requiredText("jobId", JOB_ID),
                fields.text("dataset", DATASET),
                fields.text("by", LABEL),
                fields.text("reason", LABEL));
        return problems.isEmpty()
                ? new Parsed.Valid<>(message)
                : new Parsed.Invalid<>(problems, emptyToNull(message.jobId()), message.dataset());
    }

    private static Source source(JsonFields job) {
        JsonFields fields = job.object("source", List.of("url", "sha256", "secretRef", "version"));
        Long version = fields.integer("version", 1, LARGEST_VERSION);
        String url = fields.text("url", URL);
        String sha256 = fields.text("sha256", SHA256);
        fields.onlyNull("secretRef");
        if (fields.has("url") && fields.has("version")) {
            fields.problem("", "must have either url or version, not both");
        } else if (!fields.has("url") && !fields.has("version")) {
            fields.problem("", "is required and must have either url, or version to publish an earlier one again");
        } else if (fields.has("version") && fields.has("sha256")) {
            fields.problem("sha256", "goes with url; an earlier version has its own digest");
        }
        return version == null ? new Source.Url(url == null ? "" : url, sha256, null) : new Source.Version(version);
    }

    private static Retry retry(JsonFields job) {
        JsonFields fields = job.object("retry", List.of("maxAttempts", "on"));
        Long maxAttempts = fields.integer("maxAttempts", 1, 100);
        return new Retry(
                maxAttempts == null ? null : maxAttempts.intValue(),
                fields.choice("on", Retry.On.class, Retry.On.TRANSIENT));
    }

    private static Read read(JsonFields job) {
        JsonFields fields = job.object(
                "read",
                List.of(
                        "format",
                        "member",
                        "sheet",
                        "delimiter",
                        "quote",
                        "encoding",
                        "headerRow",
                        "locale",
                        "dateOrder",
                        "nullTokens",
                        "decimalMark",
                        "groupMark"));
        Long headerRow = fields.integer("headerRow", 1, Read.MAX_HEADER_ROW);
        Read read = new Read(
                fields.choice("format", Read.Format.class, Read.Format.AUTO),
                fields.text("member", LABEL),
                fields.text("sheet", LABEL),
                fields.text("delimiter", DELIMITER),
                fields.text("quote", QUOTE),
                fields.text("encoding", ENCODING),
                headerRow == null ? null : headerRow.intValue(),
                null,
                fields.choiceOrNull("dateOrder", Read.DateOrder.class),
                fields.texts("nullTokens", MAX_NULL_TOKENS, LABEL),
                fields.text("decimalMark", DECIMAL_MARK),
                fields.text("groupMark", GROUP_MARK));
        if (read.groupMark() != null && read.groupMark().equals(read.decimalMark())) {
            fields.problem("groupMark", "must not be the same as decimalMark");
        }
        fields.onlyNull("locale");
        return read;
    }

    private static Rules rules(JsonFields job, Mode mode) {
        JsonFields fields =
                job.object("rules", List.of("maxRejectedRatio", "screen", "dedupe", "expect", "overridePolicy"));
        Rules rules = new Rules(
                fields.ratio("maxRejectedRatio", Rules.DEFAULT.maxRejectedRatio()),
                fields.choiceOrNull("screen", Rules.Screen.class),
                dedupe(fields, mode),
                null,
                fields.choice("overridePolicy", Rules.OverridePolicy.class, Rules.OverridePolicy.REJECT));
        fields.onlyNull("expect");
        return rules;
    }

    private static @Nullable Dedupe dedupe(JsonFields rules, Mode mode) {
        if (rules.isFalse("dedupe")) {
            return null;
        }
        if (!rules.isObject("dedupe")) {
            By by = rules.choice("dedupe", BY, By.RECORD, "false, " + BY_WORDS + " or an object with by and keep");
            return new Dedupe(by, List.of(), Keep.usual(mode));
        }
        JsonFields fields = rules.object("dedupe", List.of("by", "keep"));
        Keep keep = fields.choice("keep", Keep.class, Keep.usual(mode));
        if (!fields.has("by")) {
            fields.problem("by", "is required and must be " + BY_WORDS + " or a list of columns");
        } else if (fields.isList("by")) {
            List<String> columns = fields.texts("by", MAX_KEY_COLUMNS, LABEL);
            if (fields.isEmptyList("by")) {
                fields.problem("by", "must name at least one column");
            }
            return new Dedupe(By.COLUMNS, columns, keep);
        }
        return new Dedupe(fields.choice("by", BY, By.RECORD, BY_WORDS + " or a list of columns"), List.of(), keep);
    }

    private static void checkTogether(JobMessage job, JsonFields fields, List<Problem> problems) {
        if (!problems.isEmpty()) {
            return;
        }
        if (job.mode() == Mode.UPSERT && job.key().isEmpty()) {
            fields.problem("key", "must name the key columns, because mode is \"upsert\"");
        }
        Dedupe dedupe = job.rules().dedupe();
        if (dedupe != null && dedupe.by() == By.KEY && job.key().isEmpty()) {
            fields.problem("key", "must name the key columns, because rules.dedupe is by \"key\"");
        }
        if (dedupe != null && job.source() instanceof Source.Version) {
            problems.add(new Problem(
                    JsonFields.below(JsonFields.below(fields.pointer(), "rules"), "dedupe"),
                    "goes with source.url; source.version publishes an earlier version as it was"));
        }
        if (job.source() instanceof Source.Version && job.mode() != Mode.REPLACE) {
            fields.problem(
                    "mode", "must be \"replace\", because source.version publishes a whole earlier version again");
        }
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
