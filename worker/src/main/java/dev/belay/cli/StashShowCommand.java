package dev.belay.cli;

import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `belay stash show`: the held copies of a dataset's dictionary, word for word.
@Command(
        name = "show",
        description = "Show the copies held of a dataset's dictionary, and what is wrong with damaged ones.",
        mixinStandardHelpOptions = true)
final class StashShowCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    StashShowCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            List<StashReading> readings = facts.stash().read(StoredFacts.datasetId(dataset));
            if (readings.isEmpty()) {
                screen.say("the stash holds nothing of %s; all of it: belay stash list".formatted(dataset));
            }
            for (StashReading reading : readings) {
                switch (reading) {
                    case StashReading.Held(StashEntry entry) -> {
                        screen.say("held since %s for attempt %d, %s"
                                .formatted(Texts.when(entry.createdAt()), entry.attempt(), entry.operation()));
                        screen.print(Json.read(entry.dictionary().json()).toPrettyString());
                    }
                    case StashReading.Corrupt corrupt -> {
                        screen.print(screen.red("corrupt") + " " + corrupt.where());
                        screen.print("  " + corrupt.reason());
                        screen.say(
                                "next      belay stash resolve %s --confirm   to go on without it".formatted(dataset));
                    }
                }
            }
        }
        return ExitCode.DONE;
    }
}
