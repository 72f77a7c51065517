package dev.belay.cli;

import dev.belay.journal.Attempt;
import dev.belay.journal.Effect;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Review;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs as JSON: what `jobs list --json` and `jobs show --json` print.
final class JobJson {
    private JobJson() {}

    static ObjectNode of(JobRecord job) {
        return Json.object()
                .put("jobId", job.job().value())
                .put("dataset", job.dataset().value())
                .put("state", wire(job.state()))
                .put("attempts", job.attempts())
                .put("maxAttempts", job.maxAttempts())
                .put("acceptedAt", job.acceptedAt().toString())
                .put("nextAttemptAt", Json.time(job.nextAttemptAt()))
                .put(
                        "reviewUntil",
                        Json.time(job.review()
                                .filter(review -> job.state() == JobState.AWAITING_REVIEW)
                                .map(Review::until)))
                .put("endedAt", Json.time(job.endedAt()));
    }

    static ObjectNode of(JobRecord job, List<Attempt> attempts) {
        ObjectNode object = of(job);
        object.set("request", Json.read(job.requestJson()));
        job.review().ifPresent(review -> {
            ObjectNode asked = object.putObject("review")
                    .put("operationId", review.operation().value())
                    .put("until", review.until().toString());
            ArrayNode reasons = asked.putArray("reasons");
            review.reasons().forEach(reasons::add);
            job.decision()
                    .ifPresent(said -> asked.putObject("decision")
                            .put("word", wire(said.word()))
                            .put("by", said.by())
                            .put("note", said.note().orElse(null)));
        });
        var timeline = object.putArray("timeline");
        attempts.forEach(attempt -> timeline.add(of(attempt)));
        object.set(
                "receipt",
                job.receiptJson().map(Json::read).orElse(Json.object().nullNode()));
        return object;
    }

    private static ObjectNode of(Attempt attempt) {
        ObjectNode object = Json.object()
                .put("attempt", attempt.number())
                .put("operationId", attempt.operation().value())
                .put("worker", attempt.owner().toString())
                .put("phase", wire(attempt.phase()))
                .put("counted", attempt.counted())
                .put("startedAt", attempt.startedAt().toString())
                .put("endedAt", Json.time(attempt.endedAt()));
        object.set(
                "failure",
                attempt.failureJson()
                        .map(Json::read)
                        .map(JobJson::unsealed)
                        .orElse(Json.object().nullNode()));
        var effects = object.putArray("effects");
        attempt.effects().forEach(effect -> effects.add(of(effect)));
        return object;
    }

    /// Without the digest that the journal keeps with it.
    private static JsonNode unsealed(JsonNode kept) {
        if (kept instanceof ObjectNode object) {
            object.remove("_sha256");
        }
        return kept;
    }

    private static ObjectNode of(Effect effect) {
        ObjectNode object = Json.object()
                .put("stage", effect.stage())
                .put("done", effect.outputJson().isPresent());
        effect.undone()
                .ifPresent(undone -> object.putObject("compensation")
                        .put("result", wire(undone.result()))
                        .put("detail", undone.detail()));
        return object;
    }

    private static String wire(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
