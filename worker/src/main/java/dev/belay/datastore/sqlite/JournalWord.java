package dev.belay.datastore.sqlite;

import dev.belay.datastore.Publication;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import java.util.List;

/// What the journal knows of publications, as far as a catalog that was lost needs it.
public interface JournalWord {
    /// Whether a commit was published.
    enum Word {
        /// Its attempt ended with it.
        PUBLISHED,
        /// Its attempt ended without it.
        NOT_PUBLISHED,
        /// Its attempt is open: recovery will decide, and either answer is right for it.
        OPEN,
        /// The journal does not know the attempt.
        UNKNOWN
    }

    /// @param commit a publication or a roll-back
    Word of(CommitId commit);

    /// The highest claim on the dataset; 0 when there was none.
    Epoch epoch(DatasetId dataset);

    /// What was published of a dataset as it was planned, oldest first, as far as the journal still has it.
    List<Publication> published(DatasetId dataset);
}
