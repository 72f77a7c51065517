package dev.belay.cli;

import dev.belay.drill.Breach;
import dev.belay.drill.DrillPlan;
import dev.belay.drill.DrillProgress;
import dev.belay.drill.DrillReport;
import dev.belay.drill.Property;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// Shows a drill: one moving line, or a line now and then where there is no terminal; then a line for each property.
final class DrillView {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(15);
    private static final int NAME_WIDTH = 13;

    private final Screen screen;
    private final boolean json;
    private String phase = "";
    private Duration said = Duration.ZERO;
    private long redrawn;

    DrillView(Screen screen, boolean json) {
        this.screen = screen;
        this.json = json;
    }

    /// Shows how far it has come.
    void hear(DrillProgress progress) {
        String line = "%s: %,d of %,d jobs ended, %,d of %,d kills, %,d reads, %s"
                .formatted(
                        progress.phase(),
                        progress.ended(),
                        progress.jobs(),
                        progress.kills(),
                        progress.killsPlanned(),
                        progress.reads(),
                        clock(progress.took()));
        if (screen.isTerminal()) {
            if (progress.took().toMillis() / 200 != redrawn) {
                redrawn = progress.took().toMillis() / 200;
                screen.redraw(screen.dim(line));
            }
        } else if (!phase.equals(progress.phase())
                || progress.took().minus(said).compareTo(BETWEEN_LINES) >= 0) {
            phase = progress.phase();
            said = progress.took();
            screen.say("drill: " + line);
        }
    }

    /// Shows the outcome.
    void report(DrillReport report, boolean keep) {
        screen.redraw("");
        if (json) {
            screen.print(object(report).toString());
        } else {
            report.properties().forEach(this::property);
            screen.print("done   kills of workers=%d, of the broker=%d%s; stops=%d, beyond the session=%d; took %s"
                    .formatted(
                            report.done().workerKills(),
                            report.done().brokerKills(),
                            report.done().serverKills() == 0
                                    ? ""
                                    : ", of PostgreSQL=" + report.done().serverKills(),
                            report.done().stops(),
                            report.done().longStops(),
                            clock(report.took())));
            screen.print(report.summary());
        }
        if (!report.holds()) {
            report.properties().stream()
                    .flatMap(property -> property.breaches().stream())
                    .forEach(breach -> screen.say(screen.red("breach") + " " + breach));
            kept(report.plan(), report.folder());
        } else if (keep) {
            screen.say("everything is kept in " + report.folder());
        }
    }

    /// Shows that it could not be carried to its end.
    void breach(DrillPlan plan, Path folder, Breach breach) {
        screen.redraw("");
        screen.say(screen.red("breach") + " " + breach.getMessage());
        kept(plan, folder);
    }

    private void kept(DrillPlan plan, Path folder) {
        screen.say("the logs are %s and %s; everything is kept in %s"
                .formatted(
                        folder.resolve("worker-*.log"), folder.resolve("broker").resolve("broker.log"), folder));
        screen.say("again with the same choices (the machine's timing stays its own):  " + plan.command());
    }

    private void property(Property property) {
        screen.print((property.holds() ? screen.green("ok    ") : screen.red("BREACH"))
                + " "
                + property.name()
                + " ".repeat(Math.max(1, NAME_WIDTH - property.name().length()))
                + property.words());
    }

    private static ObjectNode object(DrillReport report) {
        ObjectNode object = Json.object()
                .put("holds", report.holds())
                .put("jobs", report.plan().jobs())
                .put("workers", report.plan().workers())
                .put("kills", report.done().kills())
                .put("workerKills", report.done().workerKills())
                .put("brokerKills", report.done().brokerKills())
                .put("serverKills", report.done().serverKills())
                .put("stops", report.done().stops())
                .put("longStops", report.done().longStops())
                .put("seed", report.plan().seed())
                .put("lost", report.totals().lost())
                .put("duplicated", report.totals().duplicated())
                .put("half", report.totals().half())
                .put("dictionaries", report.totals().dictionaries())
                .put("orphans", report.totals().orphans())
                .put("reads", report.totals().reads())
                .put("seconds", report.took().toSeconds());
        var properties = object.putArray("properties");
        report.properties().forEach(property -> {
            ObjectNode one = properties
                    .addObject()
                    .put("name", property.name())
                    .put("holds", property.holds())
                    .put("words", property.words());
            var breaches = one.putArray("breaches");
            property.breaches().forEach(breaches::add);
        });
        if (!report.holds()) {
            object.put("folder", report.folder().toString());
        }
        return object;
    }

    private static String clock(Duration duration) {
        return "%d:%02d min".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
}
