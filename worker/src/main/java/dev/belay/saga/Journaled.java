package dev.belay.saga;

import dev.belay.journal.Attempt;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Fetch;
import dev.belay.stage.Plan;
import dev.belay.stage.Publish;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// How plans and outputs stand in the journal: JSON, with the stage's name beside it that says which plan it is.
final class Journaled {
    private static final JsonMapper JSON = JsonMapper.builder().build();

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

    /// The effects of an attempt.
    ///
    /// @throws Unreadable when one cannot be read back: nothing is guessed then
    static List<PlannedEffect> effects(Attempt attempt) throws Unreadable {
        try {
            return attempt.effects().stream()
                    .map(effect -> new PlannedEffect(
                            effect.ordinal(),
                            JSON.readValue(effect.planJson(), planType(effect.stage())),
                            effect.undone()))
                    .toList();
        } catch (JacksonException | IllegalArgumentException damaged) {
            throw new Unreadable("an effect of attempt " + attempt.operation() + " cannot be read", damaged);
        }
    }

    /// A failure that was written with [#json(Object)].
    ///
    /// @throws Unreadable when it cannot be read back
    static KeptFailure failure(String json) throws Unreadable {
        try {
            return JSON.readValue(json, KeptFailure.class);
        } catch (JacksonException damaged) {
            throw new Unreadable("the reason why an attempt goes back cannot be read", damaged);
        }
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
        Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
