package dev.belay.cli;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The launcher's rehearsal: walks the ways that matter once, so that the JVM can keep what it learned (JEP 514).
@Command(name = "aot-train", hidden = true, description = "Rehearse for the start-up cache.")
final class AotTrainCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DIR", description = "A scratch folder.")
    private Path folder = Path.of(".");

    AotTrainCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        var nowhere = new PrintWriter(Writer.nullWriter());
        Screen silent = Screen.to(nowhere, nowhere);
        Path file = sample();
        String data = folder.resolve("data").toString();
        Belay.execute(silent, "--help");
        int first = Belay.execute(silent, "run", file.toString(), "--data", data);
        int again = Belay.execute(silent, "run", file.toString(), "--data", data, "--json");
        return first == ExitCode.DONE && again == ExitCode.DONE ? ExitCode.DONE : ExitCode.UNREACHABLE;
    }

    private Path sample() {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("sample.csv");
            String rows = "id,name,value,flag,day,at\n"
                    + "1,a,1.5,true,2026-01-01,2026-01-01T00:00:00Z\n".repeat(200)
                    + "2,\"b,c\",,false,,\n";
            Files.write(file, rows.getBytes(StandardCharsets.UTF_8));
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
