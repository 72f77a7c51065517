package dev.belay.datastore.sqlite;

import dev.belay.sql.Migrations;
import java.util.List;

/// The tables of `catalog.db`. A step that was released is never changed; a change is a further step.
final class CatalogSchema {
    private CatalogSchema() {}

    /// What presence promises about the other columns is held by the database itself.
    private static final String FIRST = """
            CREATE TABLE dataset (
              id TEXT PRIMARY KEY,
              presence TEXT NOT NULL CHECK (presence IN ('UNKNOWN', 'LIVE', 'EMPTIED', 'DROPPED')),
              incarnation TEXT,
              head TEXT REFERENCES commits (id),
              dictionary TEXT,
              dictionary_revision INTEGER NOT NULL CHECK (dictionary_revision >= 0),
              emptied_by TEXT,
              fence INTEGER NOT NULL CHECK (fence >= 0),
              next_version INTEGER NOT NULL CHECK (next_version >= 1),
              CHECK ((presence = 'UNKNOWN') = (incarnation IS NULL)),
              CHECK ((presence = 'LIVE') = (head IS NOT NULL)),
              CHECK ((presence = 'LIVE') = (dictionary IS NOT NULL)),
              CHECK ((presence = 'EMPTIED') = (emptied_by IS NOT NULL))
            ) STRICT;
            CREATE TABLE commits (
              id TEXT PRIMARY KEY,
              dataset TEXT NOT NULL REFERENCES dataset (id),
              operation TEXT NOT NULL,
              kind TEXT NOT NULL CHECK (kind IN ('PUBLISH', 'ROLLBACK')),
              version INTEGER NOT NULL CHECK (version >= 1),
              parent TEXT REFERENCES commits (id),
              row_count INTEGER NOT NULL CHECK (row_count >= 0),
              bytes INTEGER NOT NULL CHECK (bytes > 0),
              columns TEXT NOT NULL,
              loaded INTEGER NOT NULL,
              deduplicated INTEGER NOT NULL,
              digest TEXT NOT NULL,
              job TEXT NOT NULL,
              mode TEXT NOT NULL CHECK (mode IN ('REPLACE', 'APPEND', 'UPSERT')),
              topic TEXT NOT NULL,
              partition INTEGER NOT NULL,
              position INTEGER NOT NULL,
              source TEXT NOT NULL,
              source_digest TEXT,
              basis TEXT,
              profile TEXT NOT NULL,
              published_at TEXT NOT NULL,
              UNIQUE (dataset, version)
            ) STRICT;
            """;

    static final Migrations MIGRATIONS = new Migrations(0x424c4331, "catalog", List.of(FIRST));
}
