package dev.belay.journal;

/// An attempt taken over, as it stands under the new claim.
public record Seized(Claim claim, Attempt attempt, JobRecord job) {}
