package dev.belay.dictionary.postgres;

import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashEnvelope;
import dev.belay.dictionary.StashReading;
import dev.belay.dictionary.postgres.StashRows.Copy;
import dev.belay.dictionary.postgres.StashRows.Damaged;
import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.sql.PostgresDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stash in a schema of the journal's PostgreSQL database: the bytes that a file of
/// [dev.belay.dictionary.FileStash] holds, in a row.
///
/// Each method is one transaction, and a reading that finds damage another one for each damaged copy, which moves
/// it aside. So a kill leaves a whole copy or none, and what is damaged is in one of the two tables, never in
/// neither. The connections are the journal's, which closes them.
public final class PostgresStash implements Stash {
    private static final Comparator<Found> BY_DATASET_NEWEST_FIRST = Comparator.comparing(Found::dataset)
            .thenComparing(Found::operation, Comparator.reverseOrder())
            .thenComparing(Found::place, Comparator.reverseOrder());
    private static final String STANDS = "copy ";
    private static final String ASIDE = "set aside ";
    private static final Pattern ASIDE_PLACE = Pattern.compile(ASIDE + "(\\d{1,18})");

    private final PostgresDatabase database;
    private final StashRows rows;
    private final boolean movesAside;

    private PostgresStash(PostgresDatabase database, String schema, boolean movesAside) {
        this.database = database;
        this.rows = new StashRows(schema);
        this.movesAside = movesAside;
    }

    /// Opens the stash of a schema, making it if it is missing, and brings it up to date.
    ///
    /// @throws Unavailable when it cannot be used, is not ours, or is newer than this program
    public static PostgresStash open(PostgresDatabase database, String schema) {
        database.bringUpToDate(schema, StashSchema.MIGRATIONS);
        return new PostgresStash(database, schema, true);
    }

    /// A stash for commands that only look; empty when nobody has made it yet.
    ///
    /// @throws Unavailable when it cannot be used, or is not ours
    public static Optional<PostgresStash> find(PostgresDatabase database, String schema) {
        return database.version(schema, StashSchema.MIGRATIONS) > 0
                ? Optional.of(thatOnlyLooks(database, schema))
                : Optional.empty();
    }

    /// A stash that is there, for commands that only look: a damaged copy is reported where it stands and not moved
    /// aside.
    public static PostgresStash thatOnlyLooks(PostgresDatabase database, String schema) {
        return new PostgresStash(database, schema, false);
    }

    /// @param place 0 for one that stands where copies belong
    private record Found(DatasetId dataset, String operation, long place, StashReading reading) {}

    @Override
    public void put(StashEntry entry) {
        byte[] envelope = StashEnvelope.write(entry);
        String what = "the dictionary of %s could not be copied to safety".formatted(entry.dataset());
        if (envelope.length > StashEnvelope.LIMIT) {
            String message = "%s: its copy has %,d bytes, the limit is %,d"
                    .formatted(what, envelope.length, StashEnvelope.LIMIT);
            throw new Unavailable(
                    new Failure.Transient(FailureCode.STASH_WRITE_FAILED, message, Place.NONE),
                    new IOException(message));
        }
        try {
            database.write(FaultPoint.STASH_WRITE, session -> rows.put(session, entry, envelope));
        } catch (Unavailable failed) {
            String message = what + ": " + failed.failure().message();
            throw new Unavailable(
                    failed.failure() instanceof Failure.Configuration known
                            ? new Failure.Configuration(known.code(), message, Place.NONE)
                            : new Failure.Transient(FailureCode.STASH_WRITE_FAILED, message, Place.NONE),
                    failed);
        }
    }

    @Override
    public List<StashReading> read(DatasetId dataset) {
        return found(Optional.of(dataset));
    }

    @Override
    public List<StashReading> list() {
        return found(Optional.empty());
    }

    /// What stands damaged is moved aside, and then everything is read again, until nothing does.
    private List<StashReading> found(Optional<DatasetId> dataset) {
        while (true) {
            var found = new ArrayList<Found>();
            var standing = new ArrayList<Found>();
            var damaged = new ArrayList<Copy>();
            for (Copy copy : look(dataset, found)) {
                try {
                    found.add(new Found(copy.dataset(), copy.operation(), 0, new StashReading.Held(copy.entry())));
                } catch (StashEnvelope.Damaged wrong) {
                    damaged.add(copy);
                    standing.add(new Found(
                            copy.dataset(),
                            copy.operation(),
                            0,
                            new StashReading.Corrupt(
                                    copy.dataset(), STANDS + copy.operation(), String.valueOf(wrong.getMessage()))));
                }
            }
            if (damaged.isEmpty() || !movesAside) {
                found.addAll(standing);
                found.sort(BY_DATASET_NEWEST_FIRST);
                return found.stream().map(Found::reading).toList();
            }
            for (Copy copy : damaged) {
                database.write(FaultPoint.STASH_SET_ASIDE, session -> rows.moveAside(session, copy, reason(copy), 0));
            }
        }
    }

    /// Reads both tables in one snapshot: what another process moves meanwhile is in one of them.
    ///
    /// @param aside gets what was set aside before
    private List<Copy> look(Optional<DatasetId> dataset, List<Found> aside) {
        return database.read(FaultPoint.STASH_READ, session -> {
            aside.clear();
            for (Damaged one : rows.damaged(session, dataset)) {
                var corrupt = new StashReading.Corrupt(one.dataset(), ASIDE + one.place(), one.reason());
                aside.add(new Found(one.dataset(), one.operation(), one.place(), corrupt));
            }
            return rows.copies(session, dataset);
        });
    }

    @Override
    public boolean clear(DatasetId dataset, OperationId operation) {
        return database.write(FaultPoint.STASH_CLEAR, session -> rows.clear(session, dataset, operation));
    }

    @Override
    public boolean resolve(StashReading.Corrupt corrupt) {
        Matcher aside = ASIDE_PLACE.matcher(corrupt.where());
        if (aside.matches()) {
            long place = Long.parseLong(aside.group(1));
            return database.write(FaultPoint.STASH_RESOLVE, session -> rows.resolve(session, corrupt.dataset(), place));
        }
        if (!corrupt.where().startsWith(STANDS)) {
            return false;
        }
        String operation = corrupt.where().substring(STANDS.length());
        return database.write(FaultPoint.STASH_RESOLVE, session -> {
            Optional<Copy> copy = rows.copy(session, corrupt.dataset(), operation);
            return copy.isPresent()
                    && !isWhole(copy.get())
                    && rows.moveAside(session, copy.get(), reason(copy.get()), 1);
        });
    }

    private static boolean isWhole(Copy copy) {
        return reason(copy).isEmpty();
    }

    /// Why it is not whole; empty when it is.
    private static String reason(Copy copy) {
        try {
            copy.entry();
            return "";
        } catch (StashEnvelope.Damaged damaged) {
            return String.valueOf(damaged.getMessage());
        }
    }
}
