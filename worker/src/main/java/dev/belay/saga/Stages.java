package dev.belay.saga;

import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.Dedupe;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Examine;
import dev.belay.stage.Fetch;
import dev.belay.stage.Gate;
import dev.belay.stage.Prepare;
import dev.belay.stage.Publish;
import dev.belay.stage.RejectsLedger;
import dev.belay.stage.Settle;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;

/// The stages of an attempt in their order.
public record Stages(
        Fetch fetch,
        Prepare prepare,
        Examine examine,
        RejectsLedger rejects,
        Gate gate,
        Dedupe dedupe,
        StashDictionary stash,
        Arm arm,
        DeleteLive deleteLive,
        StageRows stageRows,
        BuildIndexes buildIndexes,
        Publish publish,
        Settle settle) {}
