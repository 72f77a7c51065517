package dev.belay.cli;

import dev.belay.job.JobFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// What every command has: the global options and a screen; failures are printed in one place.
abstract class Command implements Callable<Integer> {
    @Mixin
    protected GlobalOptions options = new GlobalOptions();

    protected final Screen screen;

    Command(Screen screen) {
        this.screen = screen;
    }

    @Override
    public final Integer call() throws Exception {
        return execute();
    }

    /// @return an [ExitCode]
    /// @throws JobFailure  printed with its code and advice
    /// @throws dev.belay.job.Unavailable printed likewise
    abstract int execute() throws JobFailure, InterruptedException;
}
