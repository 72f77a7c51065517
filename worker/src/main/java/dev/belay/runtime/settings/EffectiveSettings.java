package dev.belay.runtime.settings;

/// The settings with where each came from.
public record EffectiveSettings(Settings settings, SettingsReport report) {}
