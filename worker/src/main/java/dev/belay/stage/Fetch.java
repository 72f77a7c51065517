package dev.belay.stage;

import dev.belay.job.Epoch;
import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.journal.Compensation;
import dev.belay.source.Fetched;
import dev.belay.source.Source;
import java.nio.file.Path;

/// Brings the source into the attempt's workspace, digest on the fly.
public final class Fetch implements Stage<Fetch.Input, Fetch.Plan, Fetch.Output> {
    private final Source source;
    private final Workspace workspace;

    /// @param source    where files come from
    /// @param workspace where they go
    public Fetch(Source source, Workspace workspace) {
        this.source = source;
        this.workspace = workspace;
    }

    /// @param url what to fetch
    public record Input(OperationId operation, JobSource.Url url, Progress progress) {}

    /// @param shown the source as it may be shown
    public record Plan(OperationId operation, String shown) implements dev.belay.stage.Plan {}

    /// @param file    the fetched file
    /// @param fetched what is known of it
    public record Output(Path file, Fetched fetched) {}

    @Override
    public Plan plan(Input input) {
        return new Plan(input.operation(), input.url().shown());
    }

    @Override
    public Output apply(Plan plan, Input input) throws JobFailure {
        Path file = workspace.sourceFile(plan.operation());
        return new Output(file, source.fetch(input.url(), file, input.progress()));
    }

    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        return workspace.remove(plan.operation())
                ? new Compensation(Compensation.Result.DONE, "the fetched file was removed")
                : new Compensation(Compensation.Result.NOTHING_TO_DO, "there was no fetched file");
    }
}
