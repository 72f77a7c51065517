package dev.belay.datastore.postgres;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.StagedObject;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A datastore in a PostgreSQL database for commands that only look: never makes, migrates or writes anything, and
/// reads catalogs that are newer than this program.
public final class PostgresDatastoreReader implements DatastoreReader {
    private final PostgresDatastore datastore;

    private PostgresDatastoreReader(PostgresDatastore datastore) {
        this.datastore = datastore;
    }

    /// Opens the datastore of a database.
    ///
    /// @param random for the pauses before a question is asked again; safe for many threads
    /// @return empty when there is none yet
    /// @throws dev.belay.job.Unavailable when it cannot be reached or read, or its catalog is none of ours
    public static Optional<PostgresDatastoreReader> open(
            PostgresAddress address, Schemas schemas, int connections, RandomGenerator random) {
        var use = new PostgresDatabase.Use(schemas.catalog(), connections);
        return PostgresDatabase.find(address, use, CatalogSchema.MIGRATIONS, random)
                .map(database -> new PostgresDatastoreReader(
                        new PostgresDatastore(database, schemas, Loading.alone(connections), random)));
    }

    @Override
    public DatasetState state(DatasetId dataset) {
        return datastore.state(dataset);
    }

    @Override
    public List<DatasetState> datasets() {
        return datastore.datasets();
    }

    @Override
    public List<Commit> commits(DatasetId dataset) {
        return datastore.commits(dataset);
    }

    @Override
    public Optional<Commit> commit(DatasetId dataset, int version) {
        return datastore.commit(dataset, version);
    }

    @Override
    public boolean isKept(Commit commit) {
        return datastore.isKept(commit);
    }

    @Override
    public boolean isIntact(Commit commit) {
        return datastore.isIntact(commit);
    }

    @Override
    public List<List<@Nullable Object>> preview(Commit commit, int limit) {
        return datastore.preview(commit, limit);
    }

    /// None: data are in tables.
    @Override
    public Optional<Path> file(Commit commit) {
        return Optional.empty();
    }

    @Override
    public Optional<String> view(DatasetId dataset) {
        return Optional.of(datastore.view(dataset));
    }

    @Override
    public List<StagedObject> stagedObjects() {
        return datastore.stagedObjects();
    }

    @Override
    public Map<DatasetId, Epoch> fences() {
        return datastore.fences();
    }

    @Override
    public Optional<String> id() {
        return datastore.marks().map(Belonging.Marks::datastore);
    }

    @Override
    public Optional<String> journal() {
        return datastore.marks().map(Belonging.Marks::journal);
    }

    /// Nothing: whoever runs the server looks through it.
    @Override
    public List<String> damage() {
        return List.of();
    }

    @Override
    public void close() {
        datastore.close();
    }
}
