package dev.belay.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFilesTest {
    @TempDir
    Path folder;

    @Test
    void replacesTheWholeContent() throws Exception {
        Path target = folder.resolve("a");

        DurableFiles.replace(target, "one, and longer".getBytes(StandardCharsets.UTF_8), "x");
        DurableFiles.replace(target, "two".getBytes(StandardCharsets.UTF_8), "x");

        assertThat(target).hasContent("two");
        assertThat(folder.resolve("x.partial")).doesNotExist();
    }

    @Test
    void leavesTheOldContentAndNoPartWhenItCannotReplace() throws Exception {
        Path target = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(target.resolve("inside"), "x");

        assertThatThrownBy(() -> DurableFiles.replace(target, new byte[] {1}, "y"))
                .isInstanceOf(IOException.class);

        assertThat(target.resolve("inside")).hasContent("x");
        assertThat(folder.resolve("y.partial")).doesNotExist();
    }

    @Test
    void leavesThePartOfAnotherWriterAlone() throws Exception {
        Path part = Files.writeString(folder.resolve("z.partial"), "another's");

        assertThatThrownBy(() -> DurableFiles.replace(folder.resolve("a"), new byte[] {1}, "z"))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(part).hasContent("another's");
    }

    @Test
    void takesAnInterruptForNoFailedFsync() throws Exception {
        Path target = folder.resolve("a");
        Thread.currentThread().interrupt();

        try {
            DurableFiles.fsyncFolder(folder);
            DurableFiles.replace(target, new byte[] {'x'}, "i");
            DurableFiles.fsync(target);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(target).hasContent("x");
    }

    @Test
    void movesBetweenFolders() throws Exception {
        Path from = Files.writeString(folder.resolve("a"), "x");
        DurableFiles.createFolders(folder.resolve("deep/er"));

        DurableFiles.move(from, folder.resolve("deep/er/b"));

        assertThat(from).doesNotExist();
        assertThat(folder.resolve("deep/er/b")).hasContent("x");
    }

    @Test
    void makesFoldersThatAreThereAlready() throws Exception {
        DurableFiles.createFolders(folder.resolve("deep/er"));
        DurableFiles.createFolders(folder.resolve("deep/er"));
        Files.writeString(folder.resolve("file"), "x");

        assertThat(folder.resolve("deep/er")).isDirectory();
        assertThatThrownBy(() -> DurableFiles.createFolders(folder.resolve("file")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void removesFilesFoldersAndLinksButNotWhatLinksLeadTo() throws Exception {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("inside"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree/branch"));
        Files.createSymbolicLink(tree.resolve("link"), kept);

        assertThat(DurableFiles.remove(folder.resolve("tree"))).isTrue();
        assertThat(DurableFiles.remove(folder.resolve("tree"))).isFalse();

        assertThat(folder.resolve("tree")).doesNotExist();
        assertThat(kept.resolve("inside")).hasContent("x");
    }

    @Test
    void tellsMissingRightsFromAnythingElse() {
        Failure denied = StorageFailures.of(new AccessDeniedException("a"), folder);
        Failure other = StorageFailures.of(new IOException("Input/output error"), folder);

        assertThat(denied.code()).isEqualTo(FailureCode.STORE_READ_ONLY);
        assertThat(denied).isInstanceOf(Failure.Configuration.class);
        assertThat(other.code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
        assertThat(other).isInstanceOf(Failure.Transient.class);
        assertThat(denied.message()).contains(folder.toString());
    }

    @Test
    void tellsAFullDiskAndLeavesNoPartOnIt() throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "200k")) {
            disk.fill();
            Path target = folder.resolve("disk/a");

            IOException failed =
                    catchThrowableOfType(IOException.class, () -> DurableFiles.replace(target, new byte[100_000], "a"));

            assertThat(StorageFailures.of(failed, folder.resolve("disk")).code())
                    .isEqualTo(FailureCode.DISK_FULL);
            assertThat(folder.resolve("disk/a.partial")).doesNotExist();
        }
    }

    @Test
    void tellsAReadOnlyFileSystem() throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "200k")) {
            disk.makeReadOnly();

            IOException failed = catchThrowableOfType(
                    IOException.class, () -> DurableFiles.replace(folder.resolve("disk/a"), new byte[1], "a"));

            assertThat(StorageFailures.of(failed, folder.resolve("disk")).code())
                    .isEqualTo(FailureCode.STORE_READ_ONLY);
        }
    }
}
