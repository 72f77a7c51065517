package dev.belay.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a drill went.
///
/// @param plan       what was asked for
/// @param done       what was done
/// @param properties what was looked at
/// @param totals     the sums of the summary line
/// @param took       from start to the last check
/// @param folder     where everything lies, if it is kept
public record DrillReport(
        DrillPlan plan, Done done, List<Property> properties, Totals totals, Duration took, Path folder) {
    /// Copies the properties.
    public DrillReport {
        properties = List.copyOf(properties);
    }

    /// What was done.
    ///
    /// @param workerKills `kill -9` of workers
    /// @param brokerKills `kill -9` of the broker
    /// @param serverKills `kill -9` of the database's server, which are no part of the plan's kills
    /// @param stops       SIGSTOP and SIGCONT
    /// @param longStops   those of them that outlasted the session; whether another worker took over is not counted
    public record Done(int workerKills, int brokerKills, int serverKills, int stops, int longStops) {
        public int kills() {
            return workerKills + brokerKills;
        }
    }

    /// What must all be nothing, and how many dictionaries are as curated.
    ///
    /// @param reads looks of readers
    public record Totals(long lost, long duplicated, long half, boolean dictionaries, long orphans, long reads) {}

    /// Whether every property holds.
    public boolean holds() {
        return properties.stream().allMatch(Property::holds);
    }

    /// One line.
    public String summary() {
        return "jobs=%d kills=%d lost=%d duplicated=%d half=%d dictionaries=%s orphans=%d reads=%d seed=%d"
                .formatted(
                        plan.jobs(),
                        done.kills(),
                        totals.lost(),
                        totals.duplicated(),
                        totals.half(),
                        totals.dictionaries() ? "ok" : "LOST",
                        totals.orphans(),
                        totals.reads(),
                        plan.seed());
    }
}
