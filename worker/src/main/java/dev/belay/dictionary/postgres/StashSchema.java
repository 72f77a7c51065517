package dev.belay.dictionary.postgres;

import dev.belay.sql.Migrations;
import java.util.List;

/// The tables of the stash. A released step is never edited: a change is a new step at the end.
final class StashSchema {
    /// "BELS": marks the schema as a stash of Belay.
    private static final int APPLICATION_ID = 0x42454C53;

    private static final String FIRST = """
            -- One copy of an attempt's live dictionary: the bytes that a file would hold, with their digest.
            CREATE TABLE copy (
                dataset   text COLLATE "C" NOT NULL,
                operation text COLLATE "C" NOT NULL,
                envelope  bytea NOT NULL,
                PRIMARY KEY (dataset, operation)
            );

            -- What was found damaged, every byte kept, also once somebody has resolved it.
            CREATE TABLE set_aside (
                seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                dataset   text COLLATE "C" NOT NULL,
                operation text COLLATE "C" NOT NULL,
                envelope  bytea NOT NULL,
                reason    text NOT NULL,
                resolved  smallint NOT NULL DEFAULT 0 CHECK (resolved IN (0, 1))
            );

            CREATE INDEX set_aside_open ON set_aside (dataset) WHERE resolved = 0;
            """;

    static final Migrations MIGRATIONS = new Migrations(APPLICATION_ID, "stash", List.of(FIRST));

    private StashSchema() {}
}
