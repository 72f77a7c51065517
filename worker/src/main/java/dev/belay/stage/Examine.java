package dev.belay.stage;

import dev.belay.disk.StorageFailures;
import dev.belay.format.Prepared;
import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.OverridePolicy;
import dev.belay.job.Place;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.job.Unavailable;
import dev.belay.screen.Screening;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.Dialect;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.Misfit;
import dev.belay.tabular.RejectedRecord;
import dev.belay.tabular.TableBytes;
import dev.belay.tabular.TableProfile;
import dev.belay.tabular.Wishes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// Reads the fetched file from its first byte to its last and says what it is, before anything is written. Makes
/// nothing durable.
public final class Examine {
    private static final int MOST_MISFITS = 5;

    private final DelimitedReader reader;

    /// @param reader what understands tables
    public Examine(DelimitedReader reader) {
        this.reader = reader;
    }

    /// Finds out how the file is written: encoding, delimiter, header.
    ///
    /// @throws JobFailure when it is no table, or empty
    public Dialect detect(Path file, ReadOptions read) throws JobFailure {
        try (TableBytes bytes = Watch.unwatched(open(file))) {
            return reader.detect(bytes, read);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, file), failed);
        }
    }

    /// Reads every byte: records, types, statistics.
    ///
    /// @param wishes    what job and dictionary say about the values
    /// @param screening what is looked for in the values, if anything
    /// @param watch     hears how far it is and may stop it
    /// @param drafting  writes the rows meanwhile, perhaps
    /// @throws JobFailure when the file breaks off as a table
    public TableProfile profile(
            Prepared prepared,
            Dialect dialect,
            Wishes wishes,
            Optional<Screening> screening,
            Watch watch,
            Drafting drafting)
            throws JobFailure {
        boolean written = prepared.kind() == Prepared.Kind.WRITTEN;
        Wishes own = written ? wishes.ofPlainNumbers() : wishes;
        return SourceWords.of(profile(prepared.file(), dialect, own, screening, watch, drafting), prepared);
    }

    /// As the other, of a file that is plain text itself.
    public TableProfile profile(Path file, Dialect dialect, Map<String, ColumnType> overrides, Watch watch)
            throws JobFailure {
        return profile(file, dialect, overrides, watch, Drafting.NONE);
    }

    /// The same, with the rows written meanwhile, perhaps.
    public TableProfile profile(
            Path file, Dialect dialect, Map<String, ColumnType> overrides, Watch watch, Drafting drafting)
            throws JobFailure {
        return profile(file, dialect, Wishes.ofTypes(overrides), Optional.empty(), watch, drafting);
    }

    private TableProfile profile(
            Path file, Dialect dialect, Wishes wishes, Optional<Screening> screening, Watch watch, Drafting drafting)
            throws JobFailure {
        try (TableBytes bytes = watch.over(open(file))) {
            return reader.profile(bytes, dialect, wishes, screening, watch.progress(), drafting);
        } catch (Watch.Stopped stopped) {
            throw Watch.stopped();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, file), failed);
        }
    }

    /// The rows that [#profile] counted, once more, typed.
    ///
    /// @param drafting what was written of them meanwhile
    TypedTable rows(Path file, TableProfile profile, Watch watch, Drafting drafting) throws IOException {
        return reader.rows(watch.over(open(file)), profile, drafting);
    }

    /// Where some of these rows stand, by their numbers from 0.
    Map<Long, Place> places(Path file, TableProfile profile, SortedSet<Long> rows, Watch watch)
            throws JobFailure, IOException {
        try (TableBytes bytes = watch.over(open(file))) {
            return reader.places(bytes, profile, rows);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    /// @param dataset as a command would name it
    /// @throws JobFailure `TYPE_OVERRIDE_VIOLATED`, where that is the policy
    public static void refuseMisfits(TableProfile profile, OverridePolicy policy, String dataset) throws JobFailure {
        List<Misfit> misfits = profile.misfits();
        if (policy != OverridePolicy.FAIL || misfits.isEmpty()) {
            return;
        }
        Misfit first = misfits.getFirst();
        String columns = misfits.stream()
                .limit(MOST_MISFITS)
                .map(misfit -> "column \"%s\" is to be %s, but %s"
                        .formatted(Excerpt.of(misfit.title()), misfit.demanded().label(), misfit.shown()))
                .collect(Collectors.joining("; "));
        int more = misfits.size() - MOST_MISFITS;
        throw JobFailure.permanent(
                FailureCode.TYPE_OVERRIDE_VIOLATED,
                "%s%s; nothing was touched (rules.overridePolicy is fail): mend the values, or take the type back with belay dictionary set %s \"%s\" --no-type"
                        .formatted(
                                columns,
                                more > 0 ? "; and %d columns more".formatted(more) : "",
                                dataset,
                                first.name()),
                first.examples().getFirst());
    }

    /// @param allowed the job's `rules.maxRejectedRatio`
    /// @throws JobFailure `TOO_MANY_REJECTED`
    public static void refuseTooManyRejects(TableProfile profile, double allowed) throws JobFailure {
        if (profile.rejected() <= allowed * profile.records()) {
            return;
        }
        RejectedRecord first = profile.rejects().getFirst();
        String message =
                "%d of %d records were rejected (%.1f %%, allowed are %.1f %% by rules.maxRejectedRatio); the first: %s"
                        .formatted(
                                profile.rejected(),
                                profile.records(),
                                100.0 * profile.rejected() / profile.records(),
                                100.0 * allowed,
                                first.message());
        Place place = first.place();
        throw JobFailure.permanent(FailureCode.TOO_MANY_REJECTED, message, place);
    }
}
