package dev.belay.sql;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/// The numbered steps that bring a database of ours from nothing to its newest schema.
///
/// The stamp is the last write of each step's own transaction. So a kill between steps leaves a whole older version, a
/// kill inside a step leaves nothing of it, and of two processes one waits and finds it done.
///
/// @param applicationId marks the database as ours, a positive 32-bit number
/// @param name          what to call the database in messages
/// @param steps         SQL scripts, statements separated by `;` at line ends; step n makes version n + 1
public record Migrations(int applicationId, String name, List<String> steps) {
    /// Copies the steps.
    public Migrations {
        steps = List.copyOf(steps);
    }

    /// The newest version there is.
    int newest() {
        return steps.size();
    }

    /// The statements that lead from a version to the next.
    List<String> statementsFrom(int version) {
        return Arrays.stream(steps.get(version).split(";\\s*\\n", -1))
                .filter(sql -> !sql.isBlank())
                .toList();
    }

    /// What a database is refused with that someone else has made.
    Unavailable foreign(String database, String evidence) {
        return new Unavailable(
                new Failure.Corrupt(
                        FailureCode.STORE_CORRUPT, "%s is not a %s of Belay".formatted(database, name), Place.NONE),
                new SQLException(evidence));
    }

    /// What a database is refused with that a newer program has brought to a version unknown to this one.
    Unavailable tooNew(String database, int version) {
        String message = "%s has %s version %d, this Belay knows up to %d: upgrade this worker"
                .formatted(database, name, version, newest());
        return new Unavailable(
                new Failure.Configuration(FailureCode.JOURNAL_TOO_NEW, message, Place.NONE),
                new SQLException("version " + version));
    }
}
