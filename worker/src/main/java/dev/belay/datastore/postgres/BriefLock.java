package dev.belay.datastore.postgres;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// Changes what people read, which takes an exclusive lock: all readers in a transaction have to end for it,
/// and new ones wait behind it. So it is waited for during 10 ms only, then given up and asked for again
/// after a pause, and only later for longer: a hundred readers on a busy machine need more to come to an
/// end, where one in a long transaction delays the change, and the other readers by a part of a second at
/// most.
final class BriefLock {
    private static final int PATIENCE_MILLIS = 10;
    private static final int TRIES_OF_ONE_PATIENCE = 4;
    private static final int MOST_DOUBLINGS = 5;
    private static final int TRIES = 30;
    private static final long LONGEST_PAUSE_NANOS = 200_000_000;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEPENDENT_OBJECTS = "2BP01";

    private final RandomGenerator random;

    /// @param random for the pauses; safe for many threads
    BriefLock(RandomGenerator random) {
        this.random = random;
    }

    /// What is changed under the lock, from the beginning each time.
    @FunctionalInterface
    interface Change {
        void make() throws SQLException;
    }

    /// Says what is in the way of a change.
    @FunctionalInterface
    interface Reason {
        String words() throws SQLException;
    }

    /// Makes a change, all of it or nothing.
    ///
    /// @param name   what is locked, for messages
    /// @param reason asked where something hangs on what goes
    /// @throws Unavailable `READERS_IN_THE_WAY` or `OBJECT_IN_THE_WAY`
    void make(Session session, String name, Change change, Reason reason) throws SQLException {
        Optional<SQLException> refusal = refusal(session, PATIENCE_MILLIS, change);
        for (int tries = 1; tries < TRIES && isLocked(refusal); tries++) {
            LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
            int doublings = Math.min(MOST_DOUBLINGS, tries / TRIES_OF_ONE_PATIENCE);
            refusal = refusal(session, PATIENCE_MILLIS << doublings, change);
        }
        if (isLocked(refusal)) {
            throw new Unavailable(
                    new Failure.Transient(
                            FailureCode.READERS_IN_THE_WAY,
                            "a transaction that has read %s has not ended yet".formatted(name),
                            Place.NONE),
                    refusal.get());
        }
        if (refusal.isPresent()) {
            throw inTheWay(reason.words(), refusal.get());
        }
    }

    /// Makes a change at once, all of it or nothing.
    ///
    /// @return whether it was made: nobody holds a lock, nothing hangs on what goes
    static boolean isMade(Session session, Change change) throws SQLException {
        return refusal(session, PATIENCE_MILLIS, change).isEmpty();
    }

    static Unavailable inTheWay(String message, SQLException cause) {
        return new Unavailable(new Failure.Configuration(FailureCode.OBJECT_IN_THE_WAY, message, Place.NONE), cause);
    }

    private static boolean isLocked(Optional<SQLException> refusal) {
        return refusal.filter(failed -> LOCK_NOT_AVAILABLE.equals(failed.getSQLState()))
                .isPresent();
    }

    private static Optional<SQLException> refusal(Session session, int patienceMillis, Change change)
            throws SQLException {
        session.update("SAVEPOINT belay_change");
        try {
            session.update("SET LOCAL lock_timeout = " + patienceMillis);
            change.make();
            session.update("SET LOCAL lock_timeout TO DEFAULT");
            session.update("RELEASE SAVEPOINT belay_change");
            return Optional.empty();
        } catch (SQLException failed) {
            if (!LOCK_NOT_AVAILABLE.equals(failed.getSQLState()) && !DEPENDENT_OBJECTS.equals(failed.getSQLState())) {
                throw failed;
            }
            session.update("ROLLBACK TO SAVEPOINT belay_change");
            return Optional.of(failed);
        }
    }
}
