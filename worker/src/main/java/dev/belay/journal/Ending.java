package dev.belay.journal;

import java.util.List;

/// How an attempt ends, and with it perhaps the job.
///
/// @param verdict what follows for the job
/// @param audit   one word for the audit row, unique per attempt: who ends an attempt twice gets a refusal, not a
/// second row
/// @param counted whether the attempt counts against the job's attempts
/// @param events  what is announced, in order, with what earlier attempts of the same hop left
public record Ending(Verdict verdict, String audit, boolean counted, List<OutgoingEvent> events) {
    /// Copies the events.
    public Ending {
        events = List.copyOf(events);
    }
}
