package dev.belay.cli;

import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.DictionaryLimits;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay dictionary import`: takes over what a Table Schema says.
@Command(
        name = "import",
        description = "Take over what a Frictionless Table Schema says; what it does not say stays.",
        mixinStandardHelpOptions = true)
final class DictionaryImportCommand extends dev.belay.cli.Command {
    // In UTF-8 no character of the document's limit takes more.
    private static final int MOST_BYTES = 4 * DictionaryLimits.DEFAULT.document();

    @Parameters(index = "0", paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The schema as JSON; - is standard input.")
    private String file = "";

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    DictionaryImportCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        DataDictionary schema = DataDictionary.ofTableSchema(text(), DictionaryLimits.DEFAULT);
        var edit = new DictionaryEdit(settings);
        DictionaryEdit.Change change = before -> before.withSchema(schema);
        DictionaryEdit.Edited edited = dryRun ? edit.tried(dataset, change) : edit.made(dataset, change);
        DictionaryChanges.between(edited.before(), edited.after()).print(screen);
        if (dryRun) {
            screen.say("nothing was changed: this was a dry run");
        }
        return ExitCode.DONE;
    }

    private String text() throws JobFailure {
        try (InputStream input = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            byte[] bytes = input.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw JobFailure.permanent(
                        FailureCode.DICTIONARY_INVALID, "%s has more than %,d bytes".formatted(file, MOST_BYTES));
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw JobFailure.permanent(FailureCode.DICTIONARY_INVALID, file + " is not UTF-8");
        } catch (IOException failed) {
            throw JobFailure.permanent(FailureCode.DICTIONARY_INVALID, "%s cannot be read: %s".formatted(file, failed));
        }
    }
}
