package dev.belay.datastore.sqlite;

import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which line of a [HistoryLog] tells how a dataset was: the last one, unless it tells of something that was not done.
/// Then it is the line before, and so on.
final class LastWord {
    private final VersionFiles files;
    private final JournalWord journal;

    LastWord(VersionFiles files, JournalWord journal) {
        this.files = files;
        this.journal = journal;
    }

    /// @param notes takes what was passed over without the journal's word
    /// @return the dataset's row; empty when no line has one that can be believed
    Optional<Map<String, Optional<String>>> of(DatasetId dataset, List<HistoryLog.Line> lines, List<String> notes) {
        Optional<Map<String, Optional<String>>> passedOver = Optional.empty();
        for (int at = lines.size() - 1; at >= 0; at--) {
            HistoryLog.Line line = lines.get(at);
            if (line.dataset().isEmpty() || isDenied(dataset, lines, at)) {
                continue;
            }
            if (!isGone(dataset, line)) {
                passedOver.ifPresent(row -> notes.add(
                        "the journal does not know version %d and its data are gone: what was before it is served"
                                .formatted(CatalogRebuild.nextVersion(row) - 1)));
                return line.dataset();
            }
            passedOver = passedOver.or(line::dataset);
        }
        // Data that are gone can be loaded again; a dictionary that nothing else holds cannot.
        return passedOver;
    }

    private boolean isDenied(DatasetId dataset, List<HistoryLog.Line> lines, int at) {
        HistoryLog.Line line = lines.get(at);
        Map<String, Optional<String>> row = line.dataset().orElseThrow();
        if (CatalogRebuild.needed(row, "presence").equals("EMPTIED")
                && isStillThere(dataset, lines.subList(0, at), row)) {
            return true;
        }
        return line.commit()
                .map(commit -> CatalogRebuild.name(dataset, commit))
                .filter(name -> switch (journal.of(name.commit())) {
                    case PUBLISHED, UNKNOWN -> false;
                    case NOT_PUBLISHED -> true;
                    case OPEN -> !VersionFiles.isThere(files.published(name));
                })
                .isPresent();
    }

    /// Deleted or not, while the file is there the version it holds can still be served.
    private boolean isStillThere(
            DatasetId dataset, List<HistoryLog.Line> before, Map<String, Optional<String>> emptied) {
        int version = CatalogRebuild.nextVersion(emptied) - 1;
        return before.reversed().stream()
                .flatMap(line -> line.dataset().stream())
                .filter(row -> CatalogRebuild.nextVersion(row) - 1 == version)
                .flatMap(row -> CatalogRebuild.text(row, "head").stream())
                .findFirst()
                .map(head -> new VersionName(dataset, version, new CommitId(head)))
                .filter(name -> VersionFiles.isThere(files.published(name)))
                .isPresent();
    }

    private boolean isGone(DatasetId dataset, HistoryLog.Line line) {
        return line.commit()
                .map(commit -> CatalogRebuild.name(dataset, commit))
                .filter(name -> journal.of(name.commit()) == JournalWord.Word.UNKNOWN)
                .filter(name -> !VersionFiles.isThere(files.published(name)))
                .isPresent();
    }
}
