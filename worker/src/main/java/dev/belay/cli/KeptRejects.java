package dev.belay.cli;

import dev.belay.job.JobId;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.stage.RejectsLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A job's ledger of rejected records, as the worker has written it.
///
/// @param file the file itself
/// @param rows without the header
record KeptRejects(Path file, List<List<String>> rows) {
    /// Empty where the job has none: nothing was rejected, or it was forgotten since.
    static Optional<KeptRejects> of(DataFolder folder, JobId job) {
        Path file = RejectsLedger.file(folder.rejects(), job);
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            // What is no text is shown as such; the file keeps every byte.
            List<List<String>> rows = rows(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            return Optional.of(new KeptRejects(file, rows.subList(1, rows.size())));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The worker puts every value but the header's in quotes.
    private static List<List<String>> rows(String text) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var value = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            if (one == '"' && quoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                value.append('"');
                at++;
            } else if (one == '"') {
                quoted = !quoted;
            } else if (!quoted && (one == ',' || one == '\n')) {
                row.add(value.toString());
                value.setLength(0);
                if (one == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else {
                value.append(one);
            }
        }
        return rows;
    }
}
