package dev.belay.saga;

import dev.belay.job.Sha256;
import dev.belay.journal.Attempt;
import dev.belay.journal.Effect;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Fetch;
import dev.belay.stage.Plan;
import dev.belay.stage.Publish;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How plans and outputs stand in the journal: JSON, with the stage's name beside it that says which plan it is.
///
/// What recovery acts upon (plans, the reason for going back) ends with the property `_sha256`: the digest of the same
/// text without it. So a bit that changes on the disk is noticed before anything is decided by it.
final class Journaled {
    /// Strict, so that no damage to the digest's name makes a record without one.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Pattern SEALED = Pattern.compile("(\\{.*),\"_sha256\":\"([0-9a-f]{64})\"}", Pattern.DOTALL);

    private Journaled() {}

    /// The name under which a stage's plan is kept and shown.
    static String stageOf(Plan plan) {
        return switch (plan) {
            case Fetch.Plan _ -> "fetch";
            case StashDictionary.Plan _ -> "stash";
            case Arm.Plan _ -> "arm";
            case DeleteLive.Plan _ -> "delete-live";
            case StageRows.Plan _ -> "stage";
            case BuildIndexes.Plan _ -> "index";
            case Publish.Plan _ -> "publish";
        };
    }

    static String json(Object planOrOutput) {
        return JSON.writeValueAsString(planOrOutput);
    }

    /// The same with its digest.
    static String sealed(Object planOrReason) {
        String json = json(planOrReason);
        return json.substring(0, json.length() - 1) + ",\"_sha256\":\"" + digest(json) + "\"}";
    }

    private static <T> T opened(String text, Class<T> type) throws Unreadable {
        try {
            Matcher parts = SEALED.matcher(text);
            if (!parts.matches()) {
                // As written before there were digests.
                return JSON.readValue(text, type);
            }
            String json = parts.group(1) + "}";
            if (!digest(json).equals(parts.group(2))) {
                throw new Unreadable("the digest of a record in the journal does not match", null);
            }
            return JSON.readValue(json, type);
        } catch (JacksonException damaged) {
            throw new Unreadable("a record in the journal cannot be read", damaged);
        }
    }

    private static String digest(String json) {
        return Sha256.of(json.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /// The effects of an attempt.
    ///
    /// @throws Unreadable when one cannot be read back: nothing is guessed then
    static List<PlannedEffect> effects(Attempt attempt) throws Unreadable {
        var effects = new ArrayList<PlannedEffect>();
        for (Effect effect : attempt.effects()) {
            try {
                Plan plan = opened(effect.planJson(), planType(effect.stage()));
                effects.add(new PlannedEffect(effect.ordinal(), plan, effect.undone()));
            } catch (Unreadable | IllegalArgumentException damaged) {
                throw new Unreadable(
                        "effect %d of attempt %s cannot be read: %s"
                                .formatted(effect.ordinal(), attempt.operation(), damaged.getMessage()),
                        damaged);
            }
        }
        return List.copyOf(effects);
    }

    /// A failure that was written with [#sealed(Object)].
    ///
    /// @throws Unreadable when it cannot be read back
    static KeptFailure failure(String json) throws Unreadable {
        return opened(json, KeptFailure.class);
    }

    private static Class<? extends Plan> planType(String stage) {
        return switch (stage) {
            case "fetch" -> Fetch.Plan.class;
            case "stash" -> StashDictionary.Plan.class;
            case "arm" -> Arm.Plan.class;
            case "delete-live" -> DeleteLive.Plan.class;
            case "stage" -> StageRows.Plan.class;
            case "index" -> BuildIndexes.Plan.class;
            case "publish" -> Publish.Plan.class;
            default -> throw new IllegalArgumentException("no stage is named " + stage);
        };
    }

    /// A record in the journal that is not what was written.
    static final class Unreadable extends Exception {
        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
