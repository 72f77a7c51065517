package dev.belay.cli;

import dev.belay.disk.DurableFiles;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.ReadOptions;
import dev.belay.runtime.WorkerStages;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Which dataset each sheet of a workbook goes to.
final class SheetNames {
    private static final int LONGEST = 100;

    private SheetNames() {}

    /// One sheet and its dataset.
    record Named(String sheet, String dataset) {}

    /// The visible sheets that hold a value, in their order. The same workbook gives the same names each time.
    ///
    /// @param base what the names of the datasets begin with
    /// @throws JobFailure `JOB_INVALID` for what is no workbook, or what is wrong with it
    static List<Named> of(Path book, String base, Settings settings) throws JobFailure {
        List<String> sheets = sheets(book, settings);
        var taken = new HashSet<String>();
        var named = new ArrayList<Named>();
        for (int at = 0; at < sheets.size(); at++) {
            String own = JobOptions.plain(sheets.get(at));
            String wanted = base + "-" + (own.isEmpty() ? "sheet-" + (at + 1) : own);
            String dataset = cut(wanted, "");
            for (int again = 2; !taken.add(dataset); again++) {
                dataset = cut(wanted, "-" + again);
            }
            named.add(new Named(sheets.get(at), dataset));
        }
        return named;
    }

    private static String cut(String wanted, String end) {
        return wanted.substring(0, Math.min(wanted.length(), LONGEST - end.length())) + end;
    }

    private static List<String> sheets(Path book, Settings settings) throws JobFailure {
        if (!Files.isReadable(book)) {
            throw JobFailure.permanent(FailureCode.SOURCE_NOT_FOUND, "%s cannot be read".formatted(book));
        }
        try {
            Path folder = Files.createTempDirectory("belay-sheets-");
            try {
                List<String> sheets = WorkerStages.prepare(settings)
                        .sheets(book, folder, ReadOptions.DETECT)
                        .orElseThrow(() -> JobFailure.permanent(
                                FailureCode.JOB_INVALID,
                                "--each-sheet: %s is no workbook"
                                        .formatted(Excerpt.of(book.getFileName().toString()))));
                if (sheets.isEmpty()) {
                    throw JobFailure.permanent(
                            FailureCode.WORKBOOK_NO_TABLE, "%s has no visible sheet with cells".formatted(book));
                }
                return sheets;
            } finally {
                DurableFiles.remove(folder);
            }
        } catch (IOException failed) {
            throw JobFailure.permanent(
                    FailureCode.SOURCE_NOT_FOUND, "%s cannot be looked into: %s".formatted(book, failed));
        }
    }
}
