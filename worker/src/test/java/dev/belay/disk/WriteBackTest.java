package dev.belay.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.job.FsyncFailed;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteBackTest {
    @TempDir
    Path folder;

    private FileChannel channel() throws Exception {
        return FileChannel.open(folder.resolve("file"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    @Test
    void endsWithoutHavingBegun() throws Exception {
        try (FileChannel file = channel();
                var back = new WriteBack(file, "file")) {
            back.wrote(1);
            back.end();
            back.end();
            assertThat(file.isOpen()).isTrue();
        }
    }

    @Test
    void keepsWhatTheSystemSaidUntilItIsHeard() throws Exception {
        FileChannel file = channel();
        var back = new WriteBack(file, "air.part");
        file.close();

        back.wrote(1L << 30);

        assertThatExceptionOfType(FsyncFailed.class).isThrownBy(back::end).withMessageContaining("air.part");
        assertThatExceptionOfType(FsyncFailed.class).isThrownBy(() -> back.wrote(1L << 30));
        assertThatExceptionOfType(FsyncFailed.class).isThrownBy(back::close);
    }
}
