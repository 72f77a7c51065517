package dev.belay.cli;

import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.Field;
import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay dictionary show`: what is known and said about each column.
@Command(name = "show", description = "Show what is said about each column.", mixinStandardHelpOptions = true)
final class DictionaryShowCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Option(names = "--json", description = "Print it as a Frictionless Table Schema.")
    private boolean json;

    DictionaryShowCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            DataDictionary dictionary =
                    DictionaryEdit.live(facts.dataset(dataset)).dictionary();
            if (json) {
                screen.print(Json.read(dictionary.toDocument().json()).toPrettyString());
            } else {
                print(dictionary);
            }
            return ExitCode.DONE;
        }
    }

    private void print(DataDictionary dictionary) {
        var table = new TextTable(screen);
        table.header(List.of("column", "loaded as", "wanted", "title", "description", "other"));
        for (Field field : dictionary.fields()) {
            table.row(List.of(
                    field.name() + (field.orphan() ? " (gone)" : ""),
                    field.type().map(ColumnType::label).orElse(""),
                    field.typeOverride().map(ColumnType::label).orElse(""),
                    Excerpt.of(field.title()),
                    Excerpt.of(field.description()),
                    String.join(", ", field.properties().keySet())));
        }
        table.print();
        if (dictionary.fields().stream().anyMatch(Field::orphan)) {
            screen.print("  (gone): not in the file loaded last; kept until the column comes back");
        }
        screen.say(
                "next      belay dictionary set %s COLUMN --title ... --description ... --type ...".formatted(dataset));
    }
}
