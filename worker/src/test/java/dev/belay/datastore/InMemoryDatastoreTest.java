package dev.belay.datastore;

final class InMemoryDatastoreTest extends StagingContract {
    @Override
    Datastore open() {
        return new InMemoryDatastore();
    }
}
