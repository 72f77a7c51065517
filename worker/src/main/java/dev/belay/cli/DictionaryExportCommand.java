package dev.belay.cli;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay dictionary export`: the dictionary as a Table Schema.
@Command(
        name = "export",
        description = "Write the dictionary as a Frictionless Table Schema.",
        mixinStandardHelpOptions = true)
final class DictionaryExportCommand extends dev.belay.cli.Command {
    @Parameters(index = "0", paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Where to write it (default: standard output).")
    private @Nullable Path file;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    DictionaryExportCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        String schema;
        try (StoredFacts facts = StoredFacts.open(settings)) {
            schema = Json.read(DictionaryEdit.live(facts.dataset(dataset))
                            .dictionary()
                            .toDocument()
                            .json())
                    .toPrettyString();
        }
        if (file == null) {
            screen.print(schema);
        } else {
            write(file.toAbsolutePath(), schema);
            screen.print("exported  " + file);
            screen.say("next      belay dictionary import %s %s   after editing it".formatted(dataset, file));
        }
        return ExitCode.DONE;
    }

    /// In one step: killed half-way the file is as it was.
    private void write(Path target, String schema) throws JobFailure {
        if (Files.exists(target) && !force) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID, "%s is there already; --force replaces it".formatted(file));
        }
        try {
            DurableFiles.replace(
                    target,
                    (schema + "\n").getBytes(StandardCharsets.UTF_8),
                    target.getFileName() + "." + ProcessHandle.current().pid());
        } catch (IOException failed) {
            throw new JobFailure(StorageFailures.of(failed, target), failed);
        }
    }
}
