package dev.belay.sql;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The writing connection of a database, for many threads: whoever is done while others wait for their turn leaves the
/// transaction open for the next one, and the last one commits for all. So threads that write at the same time share
/// one fsync, and a thread that writes alone commits at once.
///
/// Nobody returns before the commit that holds its work has. Each works under a savepoint of its own: what fails is
/// taken back and the others stay. They see what those before them in the same transaction have written; should the
/// commit fail, none of it is kept, for any of them.
final class SharedCommit {
    /// So that the first one does not wait for ever while others keep coming.
    private static final int LARGEST = 64;

    private final Statements statements;
    // Guards the connection and what follows.
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Batch open;

    /// @param statements of the connection
    SharedCommit(Statements statements) {
        this.statements = statements;
    }

    /// What one thread does in the transaction.
    @FunctionalInterface
    interface Part<T extends @Nullable Object> {
        T make() throws SQLException;
    }

    /// A transaction that is open.
    private static final class Batch {
        /// Why it was not kept; empty when it was.
        final CompletableFuture<Optional<SQLException>> outcome = new CompletableFuture<>();
        int parts;
    }

    /// Does the part and returns when it is durable.
    ///
    /// @throws SQLException when it is not kept
    <T extends @Nullable Object> T write(Part<T> part) throws SQLException {
        Batch batch;
        T result;
        lock.lock();
        try {
            batch = open;
            if (batch == null) {
                batch = new Batch();
                result = begun(batch, part);
            } else {
                result = joined(batch, part);
            }
            batch.parts++;
            settleUnlessAwaited(batch);
        } finally {
            lock.unlock();
        }
        Optional<SQLException> failed = batch.outcome.join();
        if (failed.isPresent()) {
            throw failed.get();
        }
        return result;
    }

    private <T extends @Nullable Object> T begun(Batch batch, Part<T> part) throws SQLException {
        statements.run("BEGIN IMMEDIATE");
        boolean made = false;
        try {
            T result = part.make();
            made = true;
            open = batch;
            return result;
        } finally {
            if (!made) {
                rollBackQuietly(statements);
            }
        }
    }

    private <T extends @Nullable Object> T joined(Batch batch, Part<T> part) throws SQLException {
        try {
            statements.run("SAVEPOINT part");
            T result = part.make();
            statements.run("RELEASE part");
            return result;
        } catch (SQLException failed) {
            takeBack(batch, failed);
            throw failed;
        } catch (RuntimeException | Error failed) {
            takeBack(batch, new SQLException(failed));
            throw failed;
        }
    }

    /// Takes back the last part only; where SQLite has ended the whole transaction (a full disk, an I/O error), nothing
    /// of the others is kept either, and they are told why.
    private void takeBack(Batch batch, SQLException failure) {
        try {
            statements.run("ROLLBACK TO part");
            statements.run("RELEASE part");
            settleUnlessAwaited(batch);
        } catch (SQLException gone) {
            open = null;
            rollBackQuietly(statements);
            batch.outcome.complete(Optional.of(failure));
        }
    }

    private void settleUnlessAwaited(Batch batch) {
        if (batch.parts >= LARGEST || !lock.hasQueuedThreads()) {
            settle(batch);
        }
    }

    private void settle(Batch batch) {
        open = null;
        try {
            statements.run("COMMIT");
            batch.outcome.complete(Optional.empty());
        } catch (SQLException failed) {
            rollBackQuietly(statements);
            batch.outcome.complete(Optional.of(failed));
        } finally {
            // By a defect: nobody may wait for ever.
            batch.outcome.completeExceptionally(new IllegalStateException("the commit ended unexpectedly"));
        }
    }

    /// How many threads wait for their turn.
    int waiting() {
        return lock.getQueueLength();
    }

    /// Commits what is open.
    void close() {
        lock.lock();
        try {
            if (open != null) {
                settle(open);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends a transaction that failed.
    static void rollBackQuietly(Statements statements) {
        try {
            statements.run("ROLLBACK");
        } catch (SQLException alreadyRolledBack) {
            // SQLite ends the transaction by itself on a full disk or an I/O error; the first failure is the one to
            // report.
        }
    }
}
