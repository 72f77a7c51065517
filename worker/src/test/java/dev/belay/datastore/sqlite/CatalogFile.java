package dev.belay.datastore.sqlite;

import dev.belay.sql.SqliteDatabase;

/// Lets tests of other rooms look at a catalog's file.
public final class CatalogFile {
    private CatalogFile() {}

    public static SqliteDatabase of(SqliteDatastore datastore) {
        return datastore.database();
    }
}
