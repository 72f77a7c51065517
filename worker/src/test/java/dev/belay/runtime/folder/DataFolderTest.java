package dev.belay.runtime.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void makesItsFoldersAndMayDoSoAgain() throws JobFailure {
        var data = DataFolder.at(folder.resolve("a").resolve("b"));
        assertThat(data.exists()).isFalse();

        data.prepare();
        data.prepare();

        assertThat(data.exists()).isTrue();
        assertThat(data.datasets()).isDirectory().hasParent(data.root());
        assertThat(data.staging()).isDirectory();
        assertThat(data.work()).isDirectory();
        assertThat(data.stash()).isDirectory();
        assertThat(data.workers()).isDirectory();
        assertThat(data.logs()).isDirectory();
    }

    @Test
    void keepsJournalAndDatastoreWhereTheirSettingsSay() throws JobFailure {
        var data = new DataFolder(folder.resolve("a"), folder.resolve("j"), folder.resolve("d"));

        data.prepare();

        assertThat(data.journal()).isEqualTo(folder.resolve("j").resolve("journal.db"));
        assertThat(data.catalog()).isEqualTo(folder.resolve("d").resolve("catalog.db"));
        assertThat(data.staging()).isDirectory().hasParent(folder.resolve("d"));
        assertThat(data.own()).containsExactly(data.root(), data.journalFolder(), data.datastoreFolder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "CIFS", "fuse.sshfs", "ceph", "afpfs", "webdav"})
    void refusesNetworkFileSystems(String type) {
        var data = DataFolder.at(folder.resolve("absent"));

        assertThatThrownBy(() -> data.prepare(existing -> type))
                .isInstanceOfSatisfying(
                        JobFailure.class,
                        refused -> assertThat(refused.failure().code()).isEqualTo(FailureCode.SETTINGS_INVALID))
                .hasMessageContaining("network file system")
                .hasMessageContaining("--data");
        assertThat(data.exists()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "apfs", "NTFS", "tmpfs", "overlay", "fuseblk", "fuse.fuse-overlayfs"})
    void takesLocalFileSystems(String type) {
        assertThatCode(() -> DataFolder.at(folder).prepare(existing -> type)).doesNotThrowAnyException();
    }

    @Test
    void namesTheFolderThatCannotBeMade() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> DataFolder.at(file.resolve("data")).prepare())
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining(file.toString());
    }
}
