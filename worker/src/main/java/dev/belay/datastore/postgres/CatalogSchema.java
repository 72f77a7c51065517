package dev.belay.datastore.postgres;

import dev.belay.sql.Migrations;
import java.util.List;

/// The tables of the catalog. A step that was released is never changed; a change is a further step.
final class CatalogSchema {
    /// "BLC1", as in SQLite's files.
    private static final int APPLICATION_ID = 0x424c4331;

    /// What presence promises about the other columns is held by the database itself. The row of a dataset
    /// is what deciders lock. A row of `version` is the manifest of a table: written with its rows, removed
    /// with it.
    private static final String FIRST = """
            CREATE TABLE dataset (
              id                  text COLLATE "C" PRIMARY KEY,
              presence            text NOT NULL CHECK (presence IN ('UNKNOWN', 'LIVE', 'EMPTIED', 'DROPPED')),
              incarnation         text,
              head                text COLLATE "C",
              dictionary          text,
              dictionary_revision bigint NOT NULL CHECK (dictionary_revision >= 0),
              emptied_by          text,
              fence               bigint NOT NULL CHECK (fence >= 0),
              next_version        integer NOT NULL CHECK (next_version >= 1),
              CHECK ((presence = 'UNKNOWN') = (incarnation IS NULL)),
              CHECK ((presence = 'LIVE') = (head IS NOT NULL)),
              CHECK ((presence = 'LIVE') = (dictionary IS NOT NULL)),
              CHECK ((presence = 'EMPTIED') = (emptied_by IS NOT NULL))
            ) WITH (fillfactor = 50);

            CREATE TABLE commits (
              id            text COLLATE "C" PRIMARY KEY,
              dataset       text COLLATE "C" NOT NULL REFERENCES dataset (id),
              operation     text COLLATE "C" NOT NULL,
              kind          text NOT NULL CHECK (kind IN ('PUBLISH', 'ROLLBACK')),
              version       integer NOT NULL CHECK (version >= 1),
              parent        text COLLATE "C" REFERENCES commits (id),
              row_count     bigint NOT NULL CHECK (row_count >= 0),
              bytes         bigint NOT NULL CHECK (bytes > 0),
              columns       text NOT NULL,
              loaded        bigint NOT NULL,
              deduplicated  bigint NOT NULL,
              digest        text NOT NULL,
              job           text NOT NULL,
              mode          text NOT NULL CHECK (mode IN ('REPLACE', 'APPEND', 'UPSERT')),
              topic         text NOT NULL,
              partition     integer NOT NULL,
              position      bigint NOT NULL,
              source        text NOT NULL,
              source_digest text,
              basis         text,
              profile       text NOT NULL,
              published_at  text NOT NULL,
              UNIQUE (dataset, version)
            );

            ALTER TABLE dataset ADD FOREIGN KEY (head) REFERENCES commits (id);

            CREATE TABLE version (
              commit_id    text COLLATE "C" PRIMARY KEY,
              dataset      text COLLATE "C" NOT NULL,
              operation    text COLLATE "C" NOT NULL,
              version      integer NOT NULL CHECK (version >= 1),
              mode         text NOT NULL,
              base         text,
              columns      text NOT NULL,
              stored       text NOT NULL,
              row_count    bigint NOT NULL CHECK (row_count >= 0),
              loaded       bigint NOT NULL,
              deduplicated bigint NOT NULL,
              bytes        bigint NOT NULL CHECK (bytes >= 0),
              digest       text NOT NULL
            );

            CREATE INDEX version_of_dataset ON version (dataset, operation);

            -- What readers of a deleted table were allowed, for the table that takes its place.
            CREATE TABLE kept_grant (
              dataset   text COLLATE "C" NOT NULL REFERENCES dataset (id),
              statement text NOT NULL,
              PRIMARY KEY (dataset, statement)
            );
            """;

    private static final String WITH_JOURNAL = """
            -- Which datastore this is, and whose decisions change it: one row.
            CREATE TABLE belonging (
              one       smallint PRIMARY KEY CHECK (one = 1),
              datastore text NOT NULL,
              journal   text NOT NULL
            );
            """;

    private static final String WITH_LAYOUT = """
            -- How tables are laid out: one row.
            CREATE TABLE layout (
              one  smallint PRIMARY KEY CHECK (one = 1),
              name text NOT NULL CHECK (name IN ('BELAY', 'CKAN'))
            );

            -- What stands beside the columns that people read, as it was written or read last (layout ckan).
            CREATE TABLE site_comment (
              dataset     text COLLATE "C" NOT NULL REFERENCES dataset (id),
              column_name text COLLATE "C" NOT NULL,
              words       text NOT NULL,
              PRIMARY KEY (dataset, column_name)
            );
            """;

    static final Migrations MIGRATIONS =
            new Migrations(APPLICATION_ID, "catalog", List.of(FIRST, WITH_JOURNAL, WITH_LAYOUT));

    private CatalogSchema() {}
}
