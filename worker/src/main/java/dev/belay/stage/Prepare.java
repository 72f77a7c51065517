package dev.belay.stage;

import dev.belay.disk.StorageFailures;
import dev.belay.format.Formats;
import dev.belay.format.Order;
import dev.belay.format.Prepared;
import dev.belay.job.JobFailure;
import dev.belay.job.ReadOptions;
import dev.belay.job.Unavailable;
import dev.belay.tabular.RejectCode;
import dev.belay.tabular.TableProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Makes plain delimited text of the fetched file where it is none, in files beside it. They lie in the attempt's
/// folder and go with it: [Fetch] has named the folder in the journal before anything was in it.
public final class Prepare {
    private final Formats formats;

    /// @param formats what knows the formats
    public Prepare(Formats formats) {
        this.formats = formats;
    }

    /// @param watch hears the bytes read and may stop it
    /// @throws JobFailure when the file is at fault
    public Prepared prepare(Fetch.Output fetched, ReadOptions read, Watch watch) throws JobFailure {
        return prepared(fetched, read, watch, formats::prepare);
    }

    /// Whether a text that was taken for UTF-8 is perhaps none, now that every byte of it was read.
    public static boolean isInDoubt(Prepared prepared, ReadOptions read, TableProfile profile) {
        return prepared.kind() == Prepared.Kind.AS_IT_IS
                && read.encoding().isEmpty()
                && profile.rejects().stream().anyMatch(reject -> reject.code() == RejectCode.ENCODING);
    }

    /// The same once more, with all bytes asked for their encoding.
    public Prepared prepareAnew(Fetch.Output fetched, ReadOptions read, Watch watch) throws JobFailure {
        return prepared(fetched, read, watch, formats::prepareAnew);
    }

    /// The sheets of a local workbook that people see and that hold a value; empty for what is no workbook.
    ///
    /// @param folder where files may be made; the caller's
    /// @throws JobFailure when the file is at fault
    public Optional<List<String>> sheets(Path workbook, Path folder, ReadOptions read) throws JobFailure {
        String name = workbook.getFileName().toString();
        try {
            return formats.sheets(new Order(workbook, folder, name, Optional.empty(), read, bytes -> {}));
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, workbook), failed);
        }
    }

    @FunctionalInterface
    private interface Preparing {
        Prepared of(Order order) throws JobFailure, IOException;
    }

    private static Prepared prepared(Fetch.Output fetched, ReadOptions read, Watch watch, Preparing preparing)
            throws JobFailure {
        Path file = fetched.file();
        Path folder = Objects.requireNonNull(file.getParent(), "a fetched file lies in its attempt's folder");
        var order = new Order(
                file, folder, fetched.fetched().fileName(), fetched.fetched().mediaType(), read, watch::heard);
        try {
            return preparing.of(order);
        } catch (Watch.Stopped stopped) {
            throw Watch.stopped();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, folder), failed);
        }
    }
}
