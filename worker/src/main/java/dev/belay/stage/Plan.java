package dev.belay.stage;

/// What a stage is going to make, written to the journal before it is made: all its compensation needs.
public sealed interface Plan
        permits Fetch.Plan,
                StashDictionary.Plan,
                Arm.Plan,
                DeleteLive.Plan,
                StageRows.Plan,
                BuildIndexes.Plan,
                Publish.Plan {}
