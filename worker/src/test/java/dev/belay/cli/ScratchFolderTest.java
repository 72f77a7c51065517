package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScratchFolderTest {
    @TempDir
    private Path parent = Path.of("");

    @Test
    void deletesWhatADrillMakesAndItselfIfItWasMade() throws Exception {
        var scratch = ScratchFolder.at(parent.resolve("new"));
        fill(scratch);

        scratch.delete();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void leavesAFolderThatWasThereAndWhatCameIntoItFromElsewhere() throws Exception {
        Path there = Files.createDirectory(parent.resolve("there"));
        var scratch = ScratchFolder.at(Files.createSymbolicLink(parent.resolve("link"), there));
        fill(scratch);
        Files.writeString(there.resolve("precious"), "x");

        scratch.delete();

        assertThat(scratch.path()).isEqualTo(there.toRealPath());
        assertThat(there).isDirectoryContaining("glob:**/precious").isDirectoryNotContaining("glob:**/{broker,*.log}");
        assertThat(parent.resolve("link")).isSymbolicLink();
    }

    @Test
    void saysThatItCouldNotBeDeletedWhenSomethingElseLiesInIt() throws Exception {
        var scratch = ScratchFolder.at(parent.resolve("new"));
        fill(scratch);
        Path precious = Files.writeString(scratch.path().resolve("precious"), "x");

        assertThatThrownBy(scratch::delete).isInstanceOf(DirectoryNotEmptyException.class);

        assertThat(precious).hasContent("x");
    }

    private static void fill(ScratchFolder scratch) throws Exception {
        for (String name : new String[] {"broker", "data", "sources"}) {
            Files.writeString(
                    Files.createDirectories(scratch.path().resolve(name)).resolve("file"), "x");
        }
        for (String name : new String[] {"drill.log", "worker-0.log", "worker-12.log"}) {
            Files.writeString(scratch.path().resolve(name), "x");
        }
    }
}
