package dev.belay.cli;

import dev.belay.bench.BenchReport;
import dev.belay.bench.Cost;
import dev.belay.bench.LoadedFile;
import dev.belay.bench.Machine;
import dev.belay.bench.Measured;
import dev.belay.bench.Measured.Spread;
import dev.belay.bench.ServerFacts;
import dev.belay.bench.SmallJobs;
import dev.belay.bench.Usage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// Shows what a bench found, for people and for programs.
final class BenchView {
    private static final double SECOND = 1e9;
    private static final double MEGA = 1e6;
    private static final List<String> HEAD =
            List.of("", "seconds", "least-most", "MB/s", "rows/s", "CPU s", "peak MB", "x faster", "x less CPU");

    private final Screen screen;

    BenchView(Screen screen) {
        this.screen = screen;
    }

    /// What is done now.
    void step(String words) {
        if (screen.isTerminal()) {
            screen.redraw(screen.dim("bench: " + words));
        } else {
            screen.say("bench: " + words);
        }
    }

    void print(BenchReport report) {
        screen.print(line(report.machine()));
        for (BenchReport.OfFile of : report.files()) {
            screen.print("");
            screen.print("%s: %s%s; medians of %d rounds"
                    .formatted(
                            of.file().title(),
                            Texts.bytes(of.file().bytes()),
                            of.file().rows() < 0
                                    ? ""
                                    : ", " + Texts.rows(of.file().rows()),
                            report.plan().runs()));
            var table = TextTable.withWideCells(screen);
            table.header(HEAD);
            of.measured().stream().filter(one -> !one.costs().isEmpty()).forEach(one -> table.row(cells(of, one)));
            table.print();
            of.measured()
                    .forEach(one -> one.trouble()
                            .ifPresent(trouble ->
                                    screen.say(screen.yellow("failed") + " " + one.name() + ": " + trouble)));
            of.measured().forEach(one -> otherRows(of, one).ifPresent(screen::print));
        }
        screen.print("");
        screen.print("x faster and x less CPU: against sqlite3 .import.");
        report.files().getFirst().measured().forEach(one -> screen.print("%s: %s".formatted(one.name(), one.terms())));
    }

    void print(SmallJobs.Found found) {
        screen.print(line(found.machine()));
        screen.print("%s of %,d rows for %s, %s: %s jobs/s (%s s%s)"
                .formatted(
                        Texts.count(found.plan().jobs(), "job"),
                        found.plan().rows(),
                        Texts.count(found.plan().datasets(), "dataset"),
                        Texts.count(found.plan().by().workers(), "worker"),
                        number(found.perSecond()),
                        number(found.nanos() / SECOND),
                        found.cpu().total().isPresent() ? ", CPU s: " + text(found.cpu(), SECOND) : ""));
        screen.print("a single job, from its message to its last event: p50 %s ms, p90 %s ms, p99 %s ms"
                .formatted(
                        number(found.latency(0.5) / MEGA),
                        number(found.latency(0.9) / MEGA),
                        number(found.latency(0.99) / MEGA)));
        found.server().ifPresent(server -> print(server, found.plan().jobs()));
    }

    private void print(SmallJobs.OnServer server, int jobs) {
        screen.print("asked of the server for each job: %s; connections of all workers at most: %d"
                .formatted(text(server.crowd(), jobs), server.connections()));
        screen.print("jobs ended by each worker, all told: " + server.bySlot());
        server.idle().ifPresent(idle -> {
            double seconds = idle.nanos() / SECOND;
            screen.print("idle: connections of all workers: %d; each second: %s; CPU ms: %s"
                    .formatted(idle.connections(), text(idle.server(), seconds), text(idle.cpu(), MEGA * seconds)));
        });
    }

    private static String text(Usage cpu, double unit) {
        return "workers %s, broker %s, server %s"
                .formatted(share(cpu.workers(), unit), share(cpu.broker(), unit), share(cpu.server(), unit));
    }

    private static String text(ServerFacts facts, double by) {
        return "%s bytes of log, %s transactions that write, %s commits, %s fsyncs of the log"
                .formatted(
                        number(facts.walBytes() / by),
                        number(facts.writing() / by),
                        number(facts.commits() / by),
                        share(facts.fsyncs(), by));
    }

    private static String share(OptionalLong value, double by) {
        return value.isPresent() ? number(value.getAsLong() / by) : "?";
    }

    private static String line(Machine machine) {
        return "%s, %d cores, %s memory, %s, %s, Java %s, load %s at the beginning"
                .formatted(
                        machine.processor(),
                        machine.cores(),
                        Texts.bytes(machine.memoryBytes()),
                        machine.fileSystem(),
                        machine.system(),
                        machine.java(),
                        number(machine.load()));
    }

    private static List<String> cells(BenchReport.OfFile of, Measured one) {
        Spread nanos = one.nanos().orElseThrow();
        double seconds = nanos.median() / SECOND;
        long rows = one.costs().getFirst().rows();
        Optional<Measured> base = of.baseline();
        return List.of(
                one.name(),
                number(seconds),
                number(nanos.least() / SECOND) + "-" + number(nanos.most() / SECOND),
                number(of.file().bytes() / MEGA / seconds),
                "%,d".formatted(Math.round(rows / seconds)),
                one.cpuNanos().map(cpu -> number(cpu.median() / SECOND)).orElse("?"),
                one.peakBytes()
                        .map(peak -> "%,d".formatted(Math.round(peak.most() / MEGA)))
                        .orElse("?"),
                ratio(base.flatMap(Measured::nanos), Optional.of(nanos))
                        .map(BenchView::number)
                        .orElse("?"),
                ratio(base.flatMap(Measured::cpuNanos), one.cpuNanos())
                        .map(BenchView::number)
                        .orElse("?"));
    }

    /// Who does less work is not faster: it is said.
    private static Optional<String> otherRows(BenchReport.OfFile of, Measured one) {
        return one.costs().stream()
                .map(Cost::rows)
                .filter(rows -> of.file().rows() >= 0 && rows != of.file().rows())
                .findFirst()
                .map(rows -> "  %s loaded %s".formatted(one.name(), Texts.rows(rows)));
    }

    private static Optional<Double> ratio(Optional<Spread> base, Optional<Spread> own) {
        return base.isPresent() && own.isPresent() && own.get().median() > 0
                ? Optional.of(base.get().median() / (double) own.get().median())
                : Optional.empty();
    }

    /// Three digits that mean something.
    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }

    static ObjectNode json(BenchReport report) {
        ObjectNode object = machine(report.machine());
        object.put("runs", report.plan().runs()).put("seconds", report.took().toSeconds());
        var files = object.putArray("files");
        for (BenchReport.OfFile of : report.files()) {
            LoadedFile file = of.file();
            ObjectNode one = files.addObject().put("file", file.title()).put("bytes", file.bytes());
            if (file.rows() >= 0) {
                one.put("rows", file.rows());
            }
            var results = one.putArray("results");
            of.measured().forEach(measured -> result(results.addObject(), of, measured));
        }
        return object;
    }

    private static void result(ObjectNode result, BenchReport.OfFile of, Measured measured) {
        result.put("name", measured.name()).put("terms", measured.terms());
        measured.trouble().ifPresent(trouble -> result.put("failed", trouble));
        if (measured.costs().isEmpty()) {
            return;
        }
        Spread nanos = measured.nanos().orElseThrow();
        long rows = measured.costs().getFirst().rows();
        result.put("rows", rows);
        spread(result.putObject("seconds"), nanos, SECOND);
        measured.cpuNanos().ifPresent(cpu -> spread(result.putObject("cpuSeconds"), cpu, SECOND));
        measured.peakBytes().ifPresent(peak -> spread(result.putObject("peakBytes"), peak, 1));
        result.put("bytesPerSecond", of.file().bytes() * SECOND / nanos.median());
        result.put("rowsPerSecond", rows * SECOND / nanos.median());
        of.baseline().ifPresent(base -> {
            ratio(base.nanos(), measured.nanos()).ifPresent(times -> result.put("timesFaster", times));
            ratio(base.cpuNanos(), measured.cpuNanos()).ifPresent(times -> result.put("timesLessCpu", times));
        });
        var runs = result.putArray("runs");
        for (Cost cost : measured.costs()) {
            ObjectNode run = runs.addObject().put("seconds", cost.nanos() / SECOND);
            cost.cpuNanos().ifPresent(cpu -> run.put("cpuSeconds", cpu / SECOND));
            cost.peakBytes().ifPresent(peak -> run.put("peakBytes", peak));
        }
    }

    private static void spread(ObjectNode object, Spread spread, double unit) {
        object.put("median", spread.median() / unit)
                .put("least", spread.least() / unit)
                .put("most", spread.most() / unit);
    }

    static ObjectNode json(SmallJobs.Found found) {
        ObjectNode object = machine(found.machine())
                .put("jobs", found.plan().jobs())
                .put("rows", found.plan().rows())
                .put("datasets", found.plan().datasets())
                .put("seconds", found.nanos() / SECOND)
                .put("jobsPerSecond", found.perSecond());
        object.put("workers", found.plan().by().workers());
        found.cpu().total().ifPresent(cpu -> object.put("cpuSeconds", cpu / SECOND));
        put(object.putObject("cpuSecondsOf"), found.cpu());
        object.putObject("latencyMillis")
                .put("p50", found.latency(0.5) / MEGA)
                .put("p90", found.latency(0.9) / MEGA)
                .put("p99", found.latency(0.99) / MEGA);
        found.server().ifPresent(server -> put(object.putObject("server"), server));
        return object;
    }

    private static void put(ObjectNode object, SmallJobs.OnServer server) {
        put(object, server.crowd());
        object.put("connectionsAtMost", server.connections());
        ObjectNode ended = object.putObject("endedBySlot");
        server.bySlot().forEach(ended::put);
        server.idle().ifPresent(idle -> {
            ObjectNode node = object.putObject("idle")
                    .put("connections", idle.connections())
                    .put("seconds", idle.nanos() / SECOND);
            put(node, idle.server());
            put(node.putObject("cpuSecondsOf"), idle.cpu());
        });
    }

    private static void put(ObjectNode object, ServerFacts facts) {
        object.put("walBytes", facts.walBytes())
                .put("writingTransactions", facts.writing())
                .put("commits", facts.commits());
        facts.fsyncs().ifPresent(fsyncs -> object.put("fsyncs", fsyncs));
    }

    private static void put(ObjectNode object, Usage cpu) {
        cpu.workers().ifPresent(nanos -> object.put("workers", nanos / SECOND));
        cpu.broker().ifPresent(nanos -> object.put("broker", nanos / SECOND));
        cpu.server().ifPresent(nanos -> object.put("server", nanos / SECOND));
    }

    private static ObjectNode machine(Machine machine) {
        ObjectNode object = Json.object();
        object.putObject("machine")
                .put("processor", machine.processor())
                .put("cores", machine.cores())
                .put("memoryBytes", machine.memoryBytes())
                .put("fileSystem", machine.fileSystem())
                .put("system", machine.system())
                .put("java", machine.java())
                .put("loadAtTheBeginning", machine.load());
        return object;
    }
}
