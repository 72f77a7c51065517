package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Takes wrapper after wrapper off a file: compressions, and archives of which one file is taken.
///
/// Each wrapper taken off is a file `unpacked-N` in the order's folder; the one before it goes. Killed
/// half-way, what is there goes with the folder.
final class Wrappers {
    private final FormatLimits limits;
    private final Order order;
    private final List<String> notes = new ArrayList<>();
    private Path file;
    private String name;
    private int depth;

    Wrappers(FormatLimits limits, Order order) {
        this.limits = limits;
        this.order = order;
        this.file = order.fetched();
        this.name = order.name();
    }

    /// What is left when there is nothing more to take off.
    ///
    /// @param name    its own name, as far as it is known
    /// @param content what it is
    record Inner(Path file, String name, Content content, List<String> notes) {}

    Inner unwrap() throws JobFailure, IOException {
        while (true) {
            Content content = Content.of(file);
            boolean more = switch (content.kind()) {
                case GZIP -> unpack(Compression.GZIP);
                case ZSTD -> unpack(Compression.ZSTD);
                case BZIP2 -> unpack(Compression.BZIP2);
                case XZ -> unpack(Compression.XZ);
                case ZIP -> unzip();
                case TAR -> untar();
                case OLE, PARQUET, JSON, TEXT, OTHER -> false;
            };
            if (!more) {
                return new Inner(file, name, content, notes);
            }
        }
    }

    private boolean unpack(Compression compression) throws JobFailure, IOException {
        Path target = deeper();
        String what = "the %s file".formatted(compression.shown());
        long packed = Files.size(file);
        long unpacked;
        try (Source source = Source.open(file, order.pulse());
                InputStream in = opened(compression, what, source)) {
            unpacked = new Unpacking(limits, target).write(what, in, source::bytes);
        }
        notes.add("unpacked from %s: %,d bytes from %,d".formatted(compression.shown(), unpacked, packed));
        goOnWith(
                target,
                name.replaceFirst("(?i)\\.(gz|zst|bz2|xz)$", "").replaceFirst("(?i)\\.(tgz|tbz2?|txz)$", ".tar"));
        return true;
    }

    private static InputStream opened(Compression compression, String what, Source source)
            throws JobFailure, IOException {
        try {
            return compression.open(source);
        } catch (Source.Trouble trouble) {
            throw trouble;
        } catch (IOException | RuntimeException broken) {
            throw Unpacking.corrupt(what, broken);
        }
    }

    private boolean unzip() throws JobFailure, IOException {
        try (ZipDirectory zip = ZipDirectory.open(file, limits, order.pulse())) {
            if (Workbooks.isWorkbook(zip)) {
                return false;
            }
            List<ZipDirectory.Member> files = zip.files();
            int chosen = Members.choose(
                    "the zip archive",
                    files.stream().map(ZipDirectory.Member::name).toList(),
                    order.read().member());
            ZipDirectory.Member member = files.get(chosen);
            Path target = deeper();
            String what = "%s of the zip archive".formatted(Quoted.of(member.name()));
            try (InputStream in = zip.open(member)) {
                new Unpacking(limits, target).write(what, in, member::packed);
            }
            taken("zip", member.name(), files.size());
            goOnWith(target, member.name());
            return true;
        }
    }

    /// Walks twice: the names first, then the one that was chosen.
    private boolean untar() throws JobFailure, IOException {
        List<String> names = new ArrayList<>();
        overTar((entry, in) -> {
            if (names.size() == limits.entries()) {
                throw JobFailure.permanent(
                        FailureCode.ARCHIVE_TOO_MANY_ENTRIES,
                        "the tar archive has more than limits.archiveEntries (%,d) files".formatted(limits.entries()));
            }
            if (names.contains(entry.getName())) {
                throw JobFailure.permanent(
                        FailureCode.ARCHIVE_UNSAFE,
                        "the tar archive is refused: it has two files of the name %s"
                                .formatted(Quoted.of(entry.getName())));
            }
            names.add(entry.getName());
            return false;
        });
        String chosen =
                names.get(Members.choose("the tar archive", names, order.read().member()));
        Path target = deeper();
        overTar((entry, in) -> {
            if (!entry.getName().equals(chosen)) {
                return false;
            }
            String what = "%s of the tar archive".formatted(Quoted.of(chosen));
            new Unpacking(limits, target).write(what, in, entry::getSize);
            return true;
        });
        taken("tar", chosen, names.size());
        goOnWith(target, chosen);
        return true;
    }

    @FunctionalInterface
    private interface TarVisit {
        /// Whether that was enough.
        boolean at(TarArchiveEntry entry, InputStream in) throws JobFailure, IOException;
    }

    private void overTar(TarVisit visit) throws JobFailure, IOException {
        try (Source source = Source.open(file, order.pulse());
                var tar = new TarArchiveInputStream(new BufferedInputStream(source, 1 << 16))) {
            while (true) {
                Optional<TarArchiveEntry> entry = next(tar);
                if (entry.isEmpty() || (entry.get().isFile() && visit.at(entry.get(), tar))) {
                    return;
                }
            }
        }
    }

    private static Optional<TarArchiveEntry> next(TarArchiveInputStream tar) throws JobFailure, IOException {
        try {
            return Optional.ofNullable(tar.getNextEntry());
        } catch (Source.Trouble trouble) {
            throw trouble;
        } catch (IOException | RuntimeException broken) {
            throw Unpacking.corrupt("the tar archive", broken);
        }
    }

    private void taken(String archive, String member, int files) {
        notes.add(
                files == 1
                        ? "%s was taken out of the %s archive".formatted(Quoted.of(member), archive)
                        : "%s was taken out of the %s archive, which holds %,d files"
                                .formatted(Quoted.of(member), archive, files));
    }

    private Path deeper() throws JobFailure {
        if (depth == limits.archiveDepth()) {
            throw JobFailure.permanent(
                    FailureCode.ARCHIVE_TOO_DEEP,
                    "there are more than limits.archiveDepth (%d) wrappers around one another"
                            .formatted(limits.archiveDepth()));
        }
        depth++;
        return order.folder().resolve("unpacked-" + depth);
    }

    private void goOnWith(Path unpacked, String itsName) throws IOException {
        if (!file.equals(order.fetched())) {
            Files.delete(file);
        }
        file = unpacked;
        name = itsName;
    }
}
