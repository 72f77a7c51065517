package dev.belay.sql;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The clock of a database's server, for what several hosts have to agree on whatever their own clocks
/// say. Asked now and then; in between the time goes on by what has passed here. It may be late by as
/// long as an answer takes, never early. Safe for many threads.
public final class PostgresClock implements InstantSource {
    private static final Duration FRESH = Duration.ofSeconds(10);
    /// An answer that took longer says too little about now to be remembered.
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final String MICROS = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros";

    private final PostgresDatabase database;
    private volatile @Nullable Answer last;

    /// @param database of the server
    public PostgresClock(PostgresDatabase database) {
        this.database = database;
    }

    /// @param nanos when it came, by this machine's elapsed time
    private record Answer(Instant time, long nanos) {}

    /// @throws dev.belay.job.Unavailable when the server cannot be asked
    @Override
    public Instant instant() {
        Answer known = last;
        if (known == null || System.nanoTime() - known.nanos() > FRESH.toNanos()) {
            known = asked();
        }
        return known.time().plusNanos(System.nanoTime() - known.nanos());
    }

    private Answer asked() {
        long before = System.nanoTime();
        long micros = database.read(
                session -> session.first(MICROS, row -> row.number("micros")).orElseThrow());
        long after = System.nanoTime();
        var answer = new Answer(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), after);
        last = after - before < PROMPT.toNanos() ? answer : null;
        return answer;
    }
}
