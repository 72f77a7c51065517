package dev.belay.datastore.postgres;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.JobFailure;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How the tables of versions are made, and where people read the one of the head.
interface Layout {
    /// Whether rows go straight into a version's table; else they come to a table beside it first, and from
    /// there through [#query].
    boolean isDirect();

    /// Refuses columns that a table cannot have.
    ///
    /// @throws JobFailure `TOO_MANY_COLUMNS`, or `OBJECT_IN_THE_WAY` for a name that the table needs itself
    void refuseImpossible(List<Column> columns) throws JobFailure;

    /// The columns as a version keeps them.
    ///
    /// @param incoming as rows come
    List<StoredColumn> kept(Session session, List<StoredColumn> incoming) throws SQLException;

    /// Makes an empty table.
    ///
    /// @param table its quoted name
    void create(Session session, String table, List<StoredColumn> kept) throws SQLException;

    /// What fills a table that was made in the same transaction, with frozen rows.
    ///
    /// @param order in which the columns come
    String copy(String table, List<StoredColumn> kept, IntStream order);

    /// What a version's table has, for a copy of it into one that [#copy] fills with all columns in their
    /// order.
    String copied(List<StoredColumn> kept);

    /// What gives the rows of a table in its order, from rows as they come.
    ///
    /// @param rows     a query that gives them as `_id`, `c0`, `c1` …
    /// @param incoming their columns
    String query(String rows, List<StoredColumn> incoming, List<StoredColumn> kept);

    /// Makes what a table has beside its rows, when all of them are there.
    void finish(Session session, StagingPlan plan, List<StoredColumn> kept) throws SQLException;

    /// Where the table of a published version is.
    ///
    /// @return its quoted name
    String table(Session session, Manifest published) throws SQLException;

    /// Whether a version's table, which is there, still has all of its columns, each of the type it was
    /// made with.
    ///
    /// @param table its quoted name
    boolean hasItsColumns(Session session, Manifest published, String table) throws SQLException;

    /// Lets whoever writes about the columns of a dataset, where it is read, wait for the end of the transaction: what
    /// came between reading their words and the next table would be lost with the one before.
    ///
    /// @throws dev.belay.job.Unavailable `READERS_IN_THE_WAY` where someone changes the table just now
    void holdWords(Session session, DatasetId dataset) throws SQLException;

    /// What people have written about the columns of a dataset, where they read it, since it was read last.
    ///
    /// @return the dictionary with it; empty when there is nothing new
    Optional<DictionaryDocument> edited(Session session, DatasetState now) throws SQLException;

    /// The dictionary of a first version with what people have written about the columns of a table that it
    /// takes the place of.
    DictionaryDocument adopted(Session session, DatasetId dataset, DictionaryDocument dictionary) throws SQLException;

    /// What of others stands in the way of a staged table's publication, known before the pivot. What they
    /// make afterwards is met by [#show].
    ///
    /// @param isFirst whether the dataset was never published
    Optional<String> inTheWay(Session session, Manifest staged, boolean isFirst) throws SQLException;

    /// What of others hangs on what people read, so that it cannot be removed.
    Optional<String> hangingOn(Session session, DatasetId dataset) throws SQLException;

    /// What becomes the head.
    ///
    /// @param manifest   of the staged table
    /// @param dictionary its dictionary
    /// @param before     the head that it takes the place of
    /// @param isFirst    whether the dataset was never published
    record Shown(Manifest manifest, DictionaryDocument dictionary, Optional<CommitId> before, boolean isFirst) {
        /// Whether [#remove] was the last that happened to the dataset.
        boolean wasRemoved() {
            return !isFirst && before.isEmpty();
        }
    }

    /// Lets people read a staged table from now on. The last step of a transaction, so that the lock which
    /// readers meet is held for no longer than needed.
    ///
    /// @throws dev.belay.job.Unavailable `READERS_IN_THE_WAY` or `OBJECT_IN_THE_WAY`
    void show(Session session, Shown shown) throws SQLException;

    /// Removes what people read, and the table of its version.
    ///
    /// @throws dev.belay.job.Unavailable as [#show]
    void remove(Session session, Manifest head) throws SQLException;

    /// Removes the table of a version that is not the head.
    ///
    /// @return false when someone reads it just now, or has made something that hangs on it
    boolean removeOld(Session session, Manifest old) throws SQLException;

    /// Writes the words of the dictionary beside the columns that people read, where they are others than
    /// before. Takes no lock that readers meet.
    void describe(Session session, DatasetId dataset, List<Column> columns, DictionaryDocument dictionary)
            throws SQLException;
}
