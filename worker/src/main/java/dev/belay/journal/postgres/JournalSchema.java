package dev.belay.journal.postgres;

import dev.belay.sql.Migrations;
import java.util.List;

/// The tables of the journal, as in SQLite's files. A released step is never edited: a change is a new step at the end,
/// and columns are only added, so that an older worker can go on beside a newer one until it is upgraded.
///
/// Texts are compared byte by byte (`COLLATE "C"`), whatever the database's language: instants are texts of one width.
final class JournalSchema {
    /// "BELJ", as in SQLite's files.
    private static final int APPLICATION_ID = 0x42454C4A;

    // `seq` columns keep the order in which rows were begun, whatever the clocks said.
    private static final String FIRST = """
            CREATE TABLE meta (
                name  text PRIMARY KEY,
                value text NOT NULL
            );

            -- One row per life of a worker.
            CREATE TABLE worker (
                slot        text NOT NULL,
                incarnation text NOT NULL,
                heard_at    text COLLATE "C" NOT NULL,
                PRIMARY KEY (slot, incarnation)
            );

            -- Who may decide about a dataset, and why it is set aside if it is. Its row is what deciders lock.
            CREATE TABLE dataset (
                dataset          text COLLATE "C" PRIMARY KEY,
                epoch            bigint NOT NULL CHECK (epoch >= 0),
                set_aside_by     text COLLATE "C",
                set_aside_reason text,
                set_aside_at     text,
                CHECK ((set_aside_by IS NULL) = (set_aside_reason IS NULL)),
                CHECK ((set_aside_by IS NULL) = (set_aside_at IS NULL))
            ) WITH (fillfactor = 50);

            CREATE TABLE job (
                seq              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                job              text COLLATE "C" NOT NULL UNIQUE,
                dataset          text COLLATE "C" NOT NULL REFERENCES dataset (dataset),
                state            text NOT NULL CHECK (state IN
                    ('OPEN', 'AWAITING_RETRY', 'COMPLETED', 'SKIPPED', 'FAILED', 'CANCELLED', 'SUPERSEDED')),
                request_json     text NOT NULL,
                request_digest   text NOT NULL CHECK (length(request_digest) = 64),
                source_topic_id  text NOT NULL,
                source_partition integer NOT NULL,
                source_offset    bigint NOT NULL,
                hop              integer NOT NULL CHECK (hop >= 0),
                attempts         integer NOT NULL,
                max_attempts     integer NOT NULL CHECK (max_attempts >= 1),
                accepted_at      text COLLATE "C" NOT NULL,
                next_attempt_at  text COLLATE "C",
                review_until     text COLLATE "C" CHECK (review_until IS NULL OR state = 'AWAITING_RETRY'),
                review_hop       integer,
                ended_at         text COLLATE "C",
                receipt_json     text,
                CHECK (attempts BETWEEN 0 AND max_attempts),
                CHECK ((state = 'AWAITING_RETRY') = (next_attempt_at IS NOT NULL)),
                CHECK ((state IN ('OPEN', 'AWAITING_RETRY')) = (ended_at IS NULL)),
                CHECK ((ended_at IS NULL) = (receipt_json IS NULL))
            );

            -- A job that waits for a person keeps the state AWAITING_RETRY, as in SQLite's files.
            CREATE INDEX job_review ON job (review_until) WHERE review_until IS NOT NULL;

            CREATE TABLE attempt (
                seq               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                operation         text COLLATE "C" NOT NULL UNIQUE CHECK (length(operation) = 26),
                job               text COLLATE "C" NOT NULL REFERENCES job (job),
                dataset           text COLLATE "C" NOT NULL REFERENCES dataset (dataset),
                number            integer NOT NULL CHECK (number >= 1),
                hop               integer NOT NULL CHECK (hop >= 0),
                epoch             bigint NOT NULL CHECK (epoch >= 1),
                owner_slot        text NOT NULL,
                owner_incarnation text NOT NULL,
                owned_since       text NOT NULL,
                phase             text NOT NULL CHECK (phase IN
                    ('CLAIMED', 'ARMED', 'CONFIRMED', 'ROLLING_BACK', 'ENDED')),
                counted           smallint NOT NULL CHECK (counted IN (0, 1)),
                failure_json      text,
                started_at        text COLLATE "C" NOT NULL,
                ended_at          text COLLATE "C",
                CHECK ((phase = 'ENDED') = (ended_at IS NOT NULL)),
                CHECK (phase <> 'ROLLING_BACK' OR failure_json IS NOT NULL)
            );

            -- At most one attempt on a dataset is open, and finding the open ones does not grow with history.
            CREATE UNIQUE INDEX attempt_open ON attempt (dataset) WHERE ended_at IS NULL;

            CREATE INDEX attempt_of_job ON attempt (job, seq);

            ALTER TABLE dataset ADD FOREIGN KEY (set_aside_by) REFERENCES attempt (operation);

            -- Forgetting an attempt asks whether a dataset names it: nearly none does.
            CREATE INDEX dataset_set_aside ON dataset (set_aside_by) WHERE set_aside_by IS NOT NULL;

            CREATE TABLE effect (
                operation     text COLLATE "C" NOT NULL REFERENCES attempt (operation),
                ordinal       integer NOT NULL CHECK (ordinal >= 1),
                stage         text NOT NULL,
                plan_json     text NOT NULL,
                output_json   text,
                undone_result text CHECK (undone_result IN ('DONE', 'NOTHING_TO_DO', 'FAILED')),
                undone_detail text,
                PRIMARY KEY (operation, ordinal),
                CHECK ((undone_result IS NULL) = (undone_detail IS NULL))
            );

            CREATE TABLE audit (
                operation text COLLATE "C" NOT NULL REFERENCES attempt (operation),
                kind      text NOT NULL,
                at        text NOT NULL,
                PRIMARY KEY (operation, kind)
            );

            -- What is announced for a hop, in order, byte for byte.
            CREATE TABLE outbox (
                job      text COLLATE "C" NOT NULL REFERENCES job (job),
                hop      integer NOT NULL CHECK (hop >= 0),
                seq      integer NOT NULL CHECK (seq >= 1),
                event_id text NOT NULL,
                type     text NOT NULL,
                json     text NOT NULL,
                PRIMARY KEY (job, hop, seq)
            );

            -- A hop that has ended. What OVER means stands in the job, which never changes again.
            CREATE TABLE announcement (
                job       text COLLATE "C" NOT NULL REFERENCES job (job),
                hop       integer NOT NULL CHECK (hop >= 0),
                verdict   text NOT NULL CHECK (verdict IN ('RETRY', 'OVER')),
                due_at    text,
                announced smallint NOT NULL CHECK (announced IN (0, 1)),
                PRIMARY KEY (job, hop),
                CHECK ((verdict = 'RETRY') = (due_at IS NOT NULL))
            );

            -- A job is over once.
            CREATE UNIQUE INDEX announcement_over ON announcement (job) WHERE verdict = 'OVER';

            -- What a person was asked when a hop ended, and the first word that came.
            CREATE TABLE review (
                job                text COLLATE "C" NOT NULL REFERENCES job (job),
                hop                integer NOT NULL CHECK (hop >= 0),
                digest             text NOT NULL CHECK (length(digest) = 64),
                operation          text NOT NULL,
                until              text NOT NULL,
                reasons            text NOT NULL,
                word               text CHECK (word IN ('APPROVED', 'REJECTED', 'EXPIRED')),
                decided_by         text,
                note               text,
                decision_topic_id  text,
                decision_partition integer,
                decision_offset    bigint,
                PRIMARY KEY (job, hop),
                CHECK ((word IS NULL) = (decided_by IS NULL)),
                CHECK ((word IS NULL) = (decision_topic_id IS NULL)),
                CHECK ((word IS NULL) = (decision_partition IS NULL)),
                CHECK ((word IS NULL) = (decision_offset IS NULL))
            );
            """;

    static final Migrations MIGRATIONS = new Migrations(APPLICATION_ID, "journal", List.of(FIRST));

    private JournalSchema() {}
}
