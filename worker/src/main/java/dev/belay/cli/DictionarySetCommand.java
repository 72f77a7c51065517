package dev.belay.cli;

import dev.belay.dictionary.DataDictionary;
import dev.belay.job.ColumnType;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay dictionary set`: writes about one column.
@Command(
        name = "set",
        description = "Give a column a title, a description, or a type; loads keep them.",
        mixinStandardHelpOptions = true)
final class DictionarySetCommand extends dev.belay.cli.Command {
    @Parameters(index = "0", paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Parameters(
            index = "1",
            paramLabel = "COLUMN",
            description = "The column's name, or a title or header that only it has.")
    private String column = "";

    @Option(names = "--title", paramLabel = "TEXT", description = "What to call it; empty: its header again.")
    private @Nullable String title;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it means; empty: nothing.")
    private @Nullable String description;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "What to load it as from the next load on: ${COMPLETION-CANDIDATES}.")
    private @Nullable ColumnType type;

    @Option(names = "--no-type", description = "Leave its type to the file again.")
    private boolean noType;

    DictionarySetCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        if (title == null && description == null && type == null && !noType) {
            throw JobFailure.permanent(
                    FailureCode.DICTIONARY_INVALID, "say what to set: --title, --description, --type or --no-type");
        }
        if (type != null && noType) {
            throw JobFailure.permanent(FailureCode.DICTIONARY_INVALID, "--type and --no-type contradict each other");
        }
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        DictionaryEdit.Edited edited = new DictionaryEdit(settings).made(dataset, this::changed);
        DictionaryChanges.between(edited.before(), edited.after()).print(screen);
        return ExitCode.DONE;
    }

    private DataDictionary changed(DataDictionary before) throws JobFailure {
        // The name once: a new title may be what the column was called by.
        String name = before.field(column).name();
        DataDictionary after = before;
        if (title != null) {
            after = after.withTitle(name, title);
        }
        if (description != null) {
            after = after.withDescription(name, description);
        }
        if (type != null) {
            after = after.withTypeOverride(name, type);
        }
        return noType ? after.withoutTypeOverride(name) : after;
    }
}
