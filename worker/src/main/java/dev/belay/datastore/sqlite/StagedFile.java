package dev.belay.datastore.sqlite;

import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.sql.SqliteConnections;
import dev.belay.sql.SqliteFailures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads what stands under a name of ours, and decides whether it is ours.
///
/// Under an unfinished name everything is ours that SQLite may have left there when it was killed: nothing,
/// zeros, or a file that begins like one of SQLite's. Under a finished name only a whole version is, since it
/// got that name after its content was durable.
final class StagedFile {
    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private final VersionFiles files;

    StagedFile(VersionFiles files) {
        this.files = files;
    }

    /// Verifies what was built, makes it durable and gives it its sealed name. Done again it changes nothing,
    /// also when a killed publication has moved the file already.
    ///
    /// @throws JobFailure `UNVERIFIABLE` when it is not what was staged
    Staged seal(StagingPlan plan, Staged expected) throws JobFailure {
        VersionName name = VersionName.of(plan);
        Path file = Stream.of(files.sealed(name), files.published(name))
                .filter(VersionFiles::isThere)
                .findFirst()
                .orElse(files.building(name));
        boolean sealed = !file.equals(files.building(name));
        Staged found = switch (reading(plan, file)) {
            case StagedReading.Whole whole -> whole.manifest();
            case StagedReading.Absent() -> throw unverifiable(file, "nothing was staged");
            case StagedReading.Partial() -> throw unverifiable(file, "it is not whole");
            case StagedReading.Foreign foreign -> throw unverifiable(file, foreign.reason());
        };
        var unsized = new Staged(
                expected.rows(), expected.loaded(), expected.deduplicated(), found.bytes(), expected.digest());
        if (!found.equals(unsized)) {
            throw unverifiable(file, "it holds %s, expected was %s".formatted(found, unsized));
        }
        if (!sealed) {
            files.seal(name);
        }
        return sized(found, sealed ? file : files.sealed(name));
    }

    /// What stands under the plan's name, wherever a killed attempt may have left it.
    StagedReading read(StagingPlan plan) {
        VersionName name = VersionName.of(plan);
        for (Path file : new Path[] {files.building(name), files.sealed(name), files.published(name)}) {
            StagedReading reading = reading(plan, file);
            if (!(reading instanceof StagedReading.Absent)) {
                return reading;
            }
        }
        return new StagedReading.Absent();
    }

    private StagedReading reading(StagingPlan plan, Path file) {
        VersionName name = VersionName.of(plan);
        if (!VersionFiles.isThere(file)) {
            return new StagedReading.Absent();
        }
        boolean unfinished = file.getFileName().toString().endsWith(VersionName.UNFINISHED);
        if (!isPlausible(file, unfinished)) {
            return new StagedReading.Foreign(file + " is not a version file");
        }
        try {
            Optional<Manifest> manifest = whole(file);
            if (manifest.isPresent() && manifest.get().name().equals(name)) {
                Staged staged = manifest.get().staged();
                return new StagedReading.Whole(unfinished ? staged : sized(staged, file));
            }
            return unfinished
                    ? new StagedReading.Partial()
                    : new StagedReading.Foreign(file + " holds no whole version of its name");
        } catch (SQLException busyOrUnreadable) {
            throw SqliteFailures.unavailable(busyOrUnreadable, file);
        }
    }

    /// Whether a file found under one of our names may be removed by its operation.
    boolean isOurs(VersionName name, Path file) {
        boolean unfinished = file.getFileName().toString().endsWith(VersionName.UNFINISHED);
        if (!isPlausible(file, unfinished)) {
            return false;
        }
        try {
            return unfinished
                    || whole(file).filter(found -> found.name().equals(name)).isPresent();
        } catch (SQLException busyOrUnreadable) {
            throw SqliteFailures.unavailable(busyOrUnreadable, file);
        }
    }

    /// The manifest of a file whose table has as many rows as it says; empty when it is damaged or none of ours.
    ///
    /// @throws SQLException when the file could not be read just now
    static Optional<Manifest> whole(Path file) throws SQLException {
        try (Connection connection = SqliteConnections.reading(file)) {
            Manifest manifest = Manifest.read(connection);
            TableLayout layout = TableLayout.read(connection, manifest.name().dataset(), manifest.columns());
            return layout.rows(connection) == manifest.staged().rows() ? Optional.of(manifest) : Optional.empty();
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        } catch (SQLException failed) {
            if (SqliteFailures.isAboutContent(failed)) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    private boolean isPlausible(Path file, boolean unfinished) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        byte[] start = files.guarded(() -> {
            try (var in = Files.newInputStream(file)) {
                return in.readNBytes(SQLITE.length);
            }
        });
        boolean blank = Arrays.equals(start, new byte[start.length]);
        return Arrays.equals(start, SQLITE) || (unfinished && blank);
    }

    private Staged sized(Staged staged, Path file) {
        long bytes = files.guarded(() -> Files.size(file));
        return new Staged(staged.rows(), staged.loaded(), staged.deduplicated(), bytes, staged.digest());
    }

    private static JobFailure unverifiable(Path file, String reason) {
        return new JobFailure(new Failure.Corrupt(
                FailureCode.UNVERIFIABLE, "%s is not what was staged: %s".formatted(file, reason), Place.NONE));
    }
}
