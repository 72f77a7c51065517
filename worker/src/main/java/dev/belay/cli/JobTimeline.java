package dev.belay.cli;

import dev.belay.journal.Attempt;
import dev.belay.journal.Compensation;
import dev.belay.journal.Effect;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Phase;
import dev.belay.journal.Review;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Draws a job: a branch for each attempt, under it what it made, what was decided, and what was taken back.
final class JobTimeline {
    /// What came of an effect is written with the next plan: without one, how far it came is not known.
    private static final String BEGUN = "begun";

    private final Screen screen;
    private final JobRecord job;
    private final List<Attempt> attempts;
    private final JsonNode receipt;

    JobTimeline(Screen screen, JobRecord job, List<Attempt> attempts) {
        this.screen = screen;
        this.job = job;
        this.attempts = attempts;
        this.receipt = job.receiptJson().map(Json::read).orElse(Json.object());
    }

    /// To standard output.
    void print() {
        screen.print("job       " + screen.bold(job.job().value()));
        screen.print("dataset   " + job.dataset());
        screen.print("source    " + source());
        screen.print("state     " + state());
        screen.print("accepted  " + Texts.when(job.acceptedAt()));
        for (int at = 0; at < attempts.size(); at++) {
            print(attempts.get(at), at == attempts.size() - 1);
        }
        if (attempts.isEmpty() && job.attempts() > 0) {
            screen.print("└─ its attempts are not kept any more (journal.keepFinished)");
        }
        printEnd();
    }

    private String source() {
        JsonNode source = Json.read(job.requestJson()).path("source");
        String version = Json.text(source.path("version"), "");
        return version.isEmpty()
                // Queries may hold credentials.
                ? Json.text(source.path("url"), "?").replaceFirst("\\?.*", "?…")
                : "version " + version + " of the dataset itself";
    }

    private String state() {
        String state = JobsListCommand.stateOf(job);
        String coloured = switch (job.state()) {
            case COMPLETED, SKIPPED -> screen.green(state);
            case FAILED -> screen.red(state);
            case OPEN, AWAITING_RETRY, AWAITING_REVIEW, CANCELLED, SUPERSEDED -> screen.yellow(state);
        };
        return "%s, attempt %d of at most %d%s"
                .formatted(
                        coloured,
                        job.attempts(),
                        job.maxAttempts(),
                        job.nextAttemptAt()
                                .map(next -> ", the next one at " + Texts.when(next))
                                .orElse(""));
    }

    private void print(Attempt attempt, boolean last) {
        String end = attempt.endedAt()
                .map(ended -> " in "
                        + Texts.millis(
                                Duration.between(attempt.startedAt(), ended).toMillis()))
                .orElse(", not ended");
        screen.print("%s attempt %d at %s%s%s  %s"
                .formatted(
                        last ? "└─" : "├─",
                        attempt.number(),
                        Texts.clock(attempt.startedAt()),
                        end,
                        attempt.counted() ? "" : " (not counted)",
                        screen.dim(attempt.operation().value() + " by " + attempt.owner())));
        for (String line : lines(attempt)) {
            screen.print((last ? "   " : "│  ") + line);
        }
    }

    private List<String> lines(Attempt attempt) {
        var lines = new ArrayList<String>();
        boolean ended = attempt.phase() == Phase.ENDED;
        boolean back = attempt.failureJson().isPresent();
        for (Effect effect : attempt.effects()) {
            boolean done = effect.outputJson().isPresent() || (ended && !back);
            String mark = done ? screen.green("✓") : screen.yellow("…");
            lines.add("%s %-12s %s"
                    .formatted(mark, effect.stage(), detail(effect, done))
                    .stripTrailing());
        }
        attempt.failureJson().map(Json::read).ifPresent(failure -> {
            lines.add("%s %-12s %s"
                    .formatted(screen.red("◆"), "decision", "go back: " + Json.text(failure.path("code"), "?")));
            lines.add("  %-12s %s"
                    .formatted("", Json.text(failure.path("message"), ""))
                    .stripTrailing());
            for (Effect effect : attempt.effects().reversed()) {
                effect.undone().ifPresent(undone -> lines.add(line(effect, undone)));
            }
        });
        return lines;
    }

    private String line(Effect effect, Compensation undone) {
        String mark = switch (undone.result()) {
            case DONE -> screen.green("↶");
            case NOTHING_TO_DO -> screen.dim("·");
            case FAILED -> screen.red("✗");
        };
        return "%s %-12s %s".formatted(mark, "undo " + effect.stage(), undone.detail());
    }

    private static String detail(Effect effect, boolean done) {
        JsonNode plan = Json.read(effect.planJson());
        JsonNode output = effect.outputJson().map(Json::read).orElse(Json.object());
        return switch (effect.stage()) {
            case "fetch" ->
                done ? Texts.bytes(output.path("fetched").path("length").asLong(0)) : BEGUN;
            case "arm" -> "the decision what to touch: " + names(plan.path("effects"));
            case "stage" ->
                done
                        ? Texts.rows(output.path("rows").asLong(0)) + " for version "
                                + plan.path("staging").path("version").asInt(0)
                        : BEGUN;
            case "index" -> {
                int indexes = plan.path("indexes").size();
                yield indexes == 0
                        ? "none wanted"
                        : Texts.count(indexes, "index").replace("indexs", "indexes");
            }
            case "publish" ->
                done
                        ? "version "
                                + plan.path("publication")
                                        .path("staging")
                                        .path("version")
                                        .asInt(0)
                        : "not published";
            default -> "";
        };
    }

    private static String names(JsonNode array) {
        var names = new ArrayList<String>();
        array.forEach(name -> names.add(name.asString()));
        return String.join(", ", names);
    }

    private void printEnd() {
        if (job.state() == JobState.AWAITING_REVIEW) {
            Review review = job.review().orElseThrow();
            screen.print("review    someone has to decide until " + Texts.when(review.until()));
            review.reasons().forEach(reason -> screen.print("          " + reason));
            screen.print("next      belay jobs approve " + job.job());
            screen.print("next      belay jobs reject " + job.job());
            return;
        }
        job.decision()
                .ifPresent(said -> screen.print("review    %s by %s%s"
                        .formatted(
                                said.word().name().toLowerCase(Locale.ROOT),
                                said.by(),
                                said.note().map(note -> ": " + note).orElse(""))));
        if (job.endedAt().isEmpty()) {
            screen.print("next      belay jobs watch " + job.job());
            return;
        }
        screen.print("ended     %s: %s%s%s%s"
                .formatted(
                        Texts.when(job.endedAt().get()),
                        JobsListCommand.stateOf(job),
                        receipt.hasNonNull("version")
                                ? ", version %d, %s"
                                        .formatted(
                                                receipt.path("version").asInt(),
                                                Texts.rows(receipt.path("rows").asLong(0)))
                                : "",
                        counted("rejected"),
                        counted("deduplicated")));
        var times = new ArrayList<String>();
        for (Map.Entry<String, JsonNode> stage : receipt.path("stageMillis").properties()) {
            times.add(stage.getKey() + " " + Texts.millis(stage.getValue().asLong(0)));
        }
        if (!times.isEmpty()) {
            screen.print("times     " + String.join(", ", times));
        }
    }

    /// How many records did not become rows, and nothing where there are none.
    private String counted(String what) {
        long count = receipt.path(what).asLong(0);
        return count == 0 ? "" : ", %,d %s".formatted(count, what);
    }
}
