package dev.belay.journal;

/// An event as it will be sent, byte for byte, whoever sends it.
///
/// @param id   the event's id, the same for the same outcome
/// @param type its CloudEvents type
/// @param json the whole event as structured CloudEvents JSON
public record OutgoingEvent(String id, String type, String json) {}
