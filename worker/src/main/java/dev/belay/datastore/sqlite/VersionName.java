package dev.belay.datastore.sqlite;

import dev.belay.datastore.Commit;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which version a file is: `<version>-<commit id>.sqlite` in a folder named after the dataset. The commit id begins
/// with the operation id, so the name alone says whose it is.
record VersionName(DatasetId dataset, int version, CommitId commit) {
    /// What a file's name ends with while it is built. Without it the content is final and durable.
    static final String UNFINISHED = ".part";

    private static final Pattern NAME =
            Pattern.compile("([1-9][0-9]{0,8})-([0-7][0-9A-HJKMNP-TV-Z]{25})-([cr])\\.sqlite(?:\\.part)?");

    /// @throws IllegalArgumentException when the parts make no name of ours, so that no name leaves its folder
    VersionName {
        if (!NAME.matcher(version + "-" + commit + ".sqlite").matches()) {
            throw new IllegalArgumentException("version %d, commit %s is no name".formatted(version, commit));
        }
    }

    static VersionName of(StagingPlan plan) {
        return new VersionName(plan.dataset(), plan.version(), plan.commit());
    }

    static VersionName of(Commit commit) {
        return new VersionName(commit.dataset(), commit.version(), commit.id());
    }

    /// Reads a file's name, finished or not; empty when it is not one of ours.
    static Optional<VersionName> read(DatasetId dataset, String fileName) {
        Matcher name = NAME.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        var operation = new OperationId(name.group(2));
        CommitId commit = name.group(3).equals("c") ? operation.commitId() : operation.rollbackId();
        return Optional.of(new VersionName(dataset, Integer.parseInt(name.group(1)), commit));
    }

    OperationId operation() {
        return new OperationId(commit.value().substring(0, 26));
    }

    String fileName() {
        return version + "-" + commit + ".sqlite";
    }
}
