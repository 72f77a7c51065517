package dev.belay.journal.sqlite;

import dev.belay.sql.Migrations;
import java.util.List;

/// The tables of the journal. A released step is never edited: a change is a new step at the end, and columns
/// are only added, so that an older program can still list a newer journal.
final class JournalSchema {
    /// "BELJ": marks the file as a journal of Belay.
    static final int APPLICATION_ID = 0x42454C4A;

    // `seq` columns keep the order in which rows were written, whatever the clocks said.
    private static final String FIRST = """
            CREATE TABLE meta (
                name  TEXT PRIMARY KEY NOT NULL,
                value TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- One row per life of a worker.
            CREATE TABLE worker (
                slot        TEXT NOT NULL,
                incarnation TEXT NOT NULL,
                heard_at    TEXT NOT NULL,
                PRIMARY KEY (slot, incarnation)
            ) STRICT, WITHOUT ROWID;

            -- Who may decide about a dataset, and why it is set aside if it is.
            CREATE TABLE dataset (
                dataset          TEXT PRIMARY KEY NOT NULL,
                epoch            INTEGER NOT NULL CHECK (epoch >= 0),
                set_aside_by     TEXT REFERENCES attempt (operation),
                set_aside_reason TEXT,
                set_aside_at     TEXT,
                CHECK ((set_aside_by IS NULL) = (set_aside_reason IS NULL)),
                CHECK ((set_aside_by IS NULL) = (set_aside_at IS NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE job (
                seq              INTEGER PRIMARY KEY,
                job              TEXT NOT NULL UNIQUE,
                dataset          TEXT NOT NULL REFERENCES dataset (dataset),
                state            TEXT NOT NULL CHECK (state IN
                    ('OPEN', 'AWAITING_RETRY', 'COMPLETED', 'SKIPPED', 'FAILED', 'CANCELLED', 'SUPERSEDED')),
                request_json     TEXT NOT NULL,
                request_digest   TEXT NOT NULL CHECK (length(request_digest) = 64),
                source_topic_id  TEXT NOT NULL,
                source_partition INTEGER NOT NULL,
                source_offset    INTEGER NOT NULL,
                hop              INTEGER NOT NULL CHECK (hop >= 0),
                attempts         INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND max_attempts),
                max_attempts     INTEGER NOT NULL CHECK (max_attempts >= 1),
                accepted_at      TEXT NOT NULL,
                next_attempt_at  TEXT,
                ended_at         TEXT,
                receipt_json     TEXT,
                CHECK ((state = 'AWAITING_RETRY') = (next_attempt_at IS NOT NULL)),
                CHECK ((state IN ('OPEN', 'AWAITING_RETRY')) = (ended_at IS NULL)),
                CHECK ((ended_at IS NULL) = (receipt_json IS NULL))
            ) STRICT;

            CREATE TABLE attempt (
                seq               INTEGER PRIMARY KEY,
                operation         TEXT NOT NULL UNIQUE CHECK (length(operation) = 26),
                job               TEXT NOT NULL REFERENCES job (job),
                dataset           TEXT NOT NULL REFERENCES dataset (dataset),
                number            INTEGER NOT NULL CHECK (number >= 1),
                hop               INTEGER NOT NULL CHECK (hop >= 0),
                epoch             INTEGER NOT NULL CHECK (epoch >= 1),
                owner_slot        TEXT NOT NULL,
                owner_incarnation TEXT NOT NULL,
                owned_since       TEXT NOT NULL,
                phase             TEXT NOT NULL CHECK (phase IN
                    ('CLAIMED', 'ARMED', 'CONFIRMED', 'ROLLING_BACK', 'ENDED')),
                counted           INTEGER NOT NULL CHECK (counted IN (0, 1)),
                failure_json      TEXT,
                started_at        TEXT NOT NULL,
                ended_at          TEXT,
                CHECK ((phase = 'ENDED') = (ended_at IS NOT NULL)),
                CHECK (phase <> 'ROLLING_BACK' OR failure_json IS NOT NULL)
            ) STRICT;

            -- At most one attempt on a dataset is open, and finding the open ones does not grow with history.
            CREATE UNIQUE INDEX attempt_open ON attempt (dataset) WHERE ended_at IS NULL;

            CREATE INDEX attempt_of_job ON attempt (job, seq);

            CREATE TABLE effect (
                operation     TEXT NOT NULL REFERENCES attempt (operation),
                ordinal       INTEGER NOT NULL CHECK (ordinal >= 1),
                stage         TEXT NOT NULL,
                plan_json     TEXT NOT NULL,
                output_json   TEXT,
                undone_result TEXT CHECK (undone_result IN ('DONE', 'NOTHING_TO_DO', 'FAILED')),
                undone_detail TEXT,
                PRIMARY KEY (operation, ordinal),
                CHECK ((undone_result IS NULL) = (undone_detail IS NULL))
            ) STRICT;

            CREATE TABLE audit (
                operation TEXT NOT NULL REFERENCES attempt (operation),
                kind      TEXT NOT NULL,
                at        TEXT NOT NULL,
                PRIMARY KEY (operation, kind)
            ) STRICT, WITHOUT ROWID;

            -- What is announced for a hop, in order, byte for byte.
            CREATE TABLE outbox (
                job      TEXT NOT NULL REFERENCES job (job),
                hop      INTEGER NOT NULL CHECK (hop >= 0),
                seq      INTEGER NOT NULL CHECK (seq >= 1),
                event_id TEXT NOT NULL,
                type     TEXT NOT NULL,
                json     TEXT NOT NULL,
                PRIMARY KEY (job, hop, seq)
            ) STRICT;

            -- A hop that has ended. What OVER means stands in the job, which never changes again.
            CREATE TABLE announcement (
                job       TEXT NOT NULL REFERENCES job (job),
                hop       INTEGER NOT NULL CHECK (hop >= 0),
                verdict   TEXT NOT NULL CHECK (verdict IN ('RETRY', 'OVER')),
                due_at    TEXT,
                announced INTEGER NOT NULL CHECK (announced IN (0, 1)),
                PRIMARY KEY (job, hop),
                CHECK ((verdict = 'RETRY') = (due_at IS NOT NULL))
            ) STRICT, WITHOUT ROWID;

            -- A job is over once.
            CREATE UNIQUE INDEX announcement_over ON announcement (job) WHERE verdict = 'OVER';
            """;

    // Forgetting an attempt asks whether a dataset names it: nearly none does, and none is read that does not.
    private static final String SECOND = """
            CREATE INDEX dataset_set_aside ON dataset (set_aside_by) WHERE set_aside_by IS NOT NULL;
            """;

    // A job that waits for a person keeps the state AWAITING_RETRY in its row, which an older program can list; that it
    // is a review it waits for is said by `review_until`. `review_hop` is the last hop that ended so.
    private static final String THIRD = """
            ALTER TABLE job ADD COLUMN review_until TEXT
                CHECK (review_until IS NULL OR state = 'AWAITING_RETRY');
            ALTER TABLE job ADD COLUMN review_hop INTEGER;

            CREATE INDEX job_review ON job (review_until) WHERE review_until IS NOT NULL;

            -- What a person was asked when a hop ended, and the first word that came.
            CREATE TABLE review (
                job                TEXT NOT NULL REFERENCES job (job),
                hop                INTEGER NOT NULL CHECK (hop >= 0),
                digest             TEXT NOT NULL CHECK (length(digest) = 64),
                operation          TEXT NOT NULL,
                until              TEXT NOT NULL,
                reasons            TEXT NOT NULL,
                word               TEXT CHECK (word IN ('APPROVED', 'REJECTED', 'EXPIRED')),
                decided_by         TEXT,
                note               TEXT,
                decision_topic_id  TEXT,
                decision_partition INTEGER,
                decision_offset    INTEGER,
                PRIMARY KEY (job, hop),
                CHECK ((word IS NULL) = (decided_by IS NULL)),
                CHECK ((word IS NULL) = (decision_topic_id IS NULL)),
                CHECK ((word IS NULL) = (decision_partition IS NULL)),
                CHECK ((word IS NULL) = (decision_offset IS NULL))
            ) STRICT, WITHOUT ROWID;
            """;

    /// From this version on there are reviews.
    static final int WITH_REVIEWS = 3;

    static final Migrations MIGRATIONS = new Migrations(APPLICATION_ID, "journal", List.of(FIRST, SECOND, THIRD));

    private JournalSchema() {}
}
