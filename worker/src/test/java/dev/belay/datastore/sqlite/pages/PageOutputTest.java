package dev.belay.datastore.sqlite.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the thread that writes long blocks meets, and who hears of it.
@Timeout(60)
final class PageOutputTest {
    private static final PageSize PAGES = new PageSize(4096);
    private static final int BLOCK_BYTES = 4 * 4096;
    /// Before the beginning of the file: a place that no channel takes, and says so in another way than by an
    /// `IOException`.
    private static final long NOWHERE = -100;

    @TempDir
    private Path folder;

    private final Blocks blocks = new Blocks(3);
    private final PageNumbers numbers = new PageNumbers(PAGES, PageNumbers.LOCK_BYTE);
    private Path file;

    @BeforeEach
    void makeFile() throws Exception {
        file = Files.createFile(folder.resolve("t.sqlite"));
    }

    private PageOutput output() throws Exception {
        return new PageOutput(file, PAGES, blocks, BLOCK_BYTES, "t");
    }

    private PageBlock longBlock() {
        PageBlock block = blocks.take();
        block.begin(PAGES, BLOCK_BYTES);
        byte[] page = new byte[4096];
        for (int at = 0; at < 4; at++) {
            block.putLeaf(block.take(), page, new PointerList(), at);
        }
        return block;
    }

    @Test
    void aBlockThatCouldNotBeWrittenIsToldWhateverWentWrong() throws Exception {
        try (PageOutput output = output()) {
            output.write(longBlock(), numbers, NOWHERE);

            assertThatIllegalStateException().isThrownBy(output::finish);
            assertThatIllegalStateException().isThrownBy(() -> output.write(longBlock(), numbers, 1));
        }
    }

    /// More blocks than are written at once.
    @Test
    void blocksThatCouldNotBeWrittenKeepNobodyWaiting() throws Exception {
        try (PageOutput output = output()) {
            List<PageBlock> failing = Stream.generate(this::longBlock).limit(10).toList();

            assertThatIllegalStateException().isThrownBy(() -> {
                for (PageBlock block : failing) {
                    output.write(block, numbers, NOWHERE);
                }
                output.finish();
            });
        }
    }

    @Test
    void aBlockIsThereOnceAllIsFinished() throws Exception {
        try (PageOutput output = output()) {
            output.write(longBlock(), numbers, 1);
            output.finish();

            assertThat(Files.size(file)).isEqualTo(BLOCK_BYTES);
        }
    }
}
