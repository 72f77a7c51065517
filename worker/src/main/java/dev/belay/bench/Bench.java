package dev.belay.bench;

import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/// Loads each file by each contender, in rounds: A B C, A B C, so that whatever else the machine does meets all alike.
public final class Bench implements AutoCloseable {
    // As many loads as it takes until a JVM has compiled most of what they need: the fourth is a tenth cheaper than
    // the second.
    private static final int WARM_UPS = 3;

    private final BenchPlan plan;
    private final Means means;
    private final Consumer<String> progress;
    private final List<Contender> contenders = new ArrayList<>();

    /// @param properties of the system, from which the machine is known
    /// @param settings   of Belay, beside its defaults
    public record Means(
            BenchFolder folder, Program program, IdSource ids, Properties properties, Map<String, String> settings) {
        /// Copies the settings.
        public Means {
            settings = Map.copyOf(settings);
        }
    }

    /// @param progress hears a line for each step
    public Bench(BenchPlan plan, Means means, Consumer<String> progress) {
        this.plan = plan;
        this.means = means;
        this.progress = progress;
    }

    /// Measures all of it.
    ///
    /// @throws JobFailure when there is no room, or a process of ours cannot be started
    public BenchReport run() throws IOException, JobFailure, InterruptedException {
        long start = System.nanoTime();
        Machine machine = Machine.here(means.folder().path(), means.properties());
        List<LoadedFile> files = files();
        contenders(
                Objects.requireNonNull(files.getFirst().path().toAbsolutePath().getParent()));
        var reports = new ArrayList<BenchReport.OfFile>();
        for (LoadedFile file : files) {
            reports.add(new BenchReport.OfFile(file, measured(file)));
        }
        return new BenchReport(machine, plan, reports, Duration.ofNanos(System.nanoTime() - start));
    }

    private List<LoadedFile> files() throws IOException, JobFailure {
        var files = new ArrayList<LoadedFile>();
        if (plan.file().isPresent()) {
            Path path = plan.file().get().toRealPath();
            means.folder().requireRoom(Files.size(path));
            files.add(new LoadedFile(String.valueOf(path.getFileName()), path, Files.size(path), -1));
            return files;
        }
        for (Sample sample : plan.samples()) {
            means.folder().requireRoom(sample.bytes(sample.rows(plan.scale())));
            progress.accept("making the file %s, %,d rows".formatted(sample.title(), sample.rows(plan.scale())));
            files.add(means.folder().file(sample, plan.scale()));
        }
        return files;
    }

    private void contenders(Path readable) throws IOException, JobFailure, InterruptedException {
        BenchFolder folder = means.folder();
        for (Way way : Way.values()) {
            if (!plan.ways().contains(way)) {
                continue;
            }
            switch (way) {
                case SQLITE -> SqliteShell.find(folder.work()).ifPresent(contenders::add);
                case DUCKDB -> plan.duckDb().ifPresent(jar -> contenders.add(new DuckDb(means.program(), jar)));
                case POSTGRES -> plan.postgres().ifPresent(server -> contenders.add(new PostgresCopy(server)));
                case PG_COPY_CSV -> {
                    if (plan.server().isPresent()) {
                        PostgresServer server = plan.server().get();
                        Engine types =
                                Engine.intoPostgres(folder.fresh("types"), means.settings(), means.ids(), server);
                        contenders.add(new PostgresServerCopy(server, types));
                    }
                }
                case ENGINE -> contenders.add(Engine.intoFiles(folder.fresh("engine"), means.settings(), means.ids()));
                case POSTGRESQL -> {
                    if (plan.server().isPresent()) {
                        contenders.add(Engine.intoPostgres(
                                folder.fresh("postgresql"),
                                means.settings(),
                                means.ids(),
                                plan.server().get()));
                    }
                }
                case JOB -> {
                    progress.accept("starting a worker and a broker");
                    contenders.add(new WholeJob(
                            StayingWorker.start(means.program(), means.settings(), folder.fresh("worker"), readable)));
                }
                case COLD -> contenders.add(new ColdRun(means.program(), means.settings()));
            }
        }
    }

    private List<Measured> measured(LoadedFile file) throws IOException, InterruptedException {
        var costs = new LinkedHashMap<Contender, List<Cost>>();
        var troubles = new LinkedHashMap<Contender, String>();
        for (int round = 1 - WARM_UPS; round <= plan.runs(); round++) {
            for (Contender contender : contenders) {
                boolean warmUp = round <= 0;
                if (troubles.containsKey(contender) || (warmUp && !contender.warmsUp())) {
                    continue;
                }
                String step = warmUp
                        ? "warming up, %d of %d".formatted(round + WARM_UPS, WARM_UPS)
                        : "round %d of %d".formatted(round, plan.runs());
                progress.accept("%s, %s: %s".formatted(file.title(), step, contender.name()));
                try {
                    Cost cost = loaded(contender, file);
                    if (!warmUp) {
                        costs.computeIfAbsent(contender, _ -> new ArrayList<>()).add(cost);
                    }
                } catch (IOException | JobFailure | Unavailable failed) {
                    troubles.put(contender, String.valueOf(failed.getMessage()));
                }
            }
        }
        return contenders.stream()
                .map(contender -> new Measured(
                        contender.name(),
                        contender.terms(),
                        costs.getOrDefault(contender, List.of()),
                        Optional.ofNullable(troubles.get(contender))))
                .toList();
    }

    private Cost loaded(Contender contender, LoadedFile file) throws IOException, JobFailure, InterruptedException {
        Path folder = means.folder().fresh("load");
        try {
            return contender.load(file, folder);
        } finally {
            BenchFolder.deleteAll(folder);
        }
    }

    /// Stops what stays up.
    @Override
    public void close() throws IOException {
        for (Contender contender : contenders) {
            contender.close();
        }
        contenders.clear();
    }
}
