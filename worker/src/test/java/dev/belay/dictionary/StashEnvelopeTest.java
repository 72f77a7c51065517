package dev.belay.dictionary;

import static dev.belay.dictionary.StashContract.AIR;
import static dev.belay.dictionary.StashContract.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.DictionaryDocument;
import dev.belay.job.IdSource;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No damage to a copy's bytes goes unnoticed. Every position is tried, not a lucky one.
final class StashEnvelopeTest {
    private final byte[] whole = StashEnvelope.write(StashContract.entry(AIR, FIRST));

    @Test
    @FaultRow("S2")
    void noticesEveryFlippedBit() {
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> StashEnvelope.read(damaged))
                        .as("byte %d, bit %d", at, bit)
                        .isInstanceOf(StashEnvelope.Damaged.class);
            }
        }
    }

    @Test
    @FaultRow("S2")
    void noticesEveryCut() {
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> StashEnvelope.read(cut))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(StashEnvelope.Damaged.class);
        }
    }

    @Test
    void noticesWhatIsAppendedOrSpelledAnotherWay() {
        String text = new String(whole, StandardCharsets.UTF_8);
        for (String changed : List.of(
                text + "\n",
                text + "{}",
                " " + text,
                text.replace(",\"", ", \""),
                text.replace("\"version\":1", "\"version\":1,\"extra\":true"),
                text.replace("\"version\":1,", "\"version\":1,\"version\":1,"),
                text.replace("\"version\":1", "\"version\":1.0"),
                text.replace("\"version\":1", "\"version\":\"1\""),
                text.replace("größe", "gr\\u00f6\\u00dfe"))) {
            assertThat(changed).isNotEqualTo(text);
            assertThatThrownBy(() -> StashEnvelope.read(changed.getBytes(StandardCharsets.UTF_8)))
                    .as(changed)
                    .isInstanceOf(StashEnvelope.Damaged.class);
        }
    }

    @Test
    @FaultRow("S2")
    void reportsDamageAtEveryByteAsCorruptNeverAbsent(@TempDir Path scratch) throws IOException {
        var minted = new AtomicInteger();
        IdSource ids = () -> "01J%023d".formatted(minted.incrementAndGet());
        for (int at = 0; at < whole.length; at++) {
            Path home = Files.createDirectories(scratch.resolve("at-" + at).resolve("air"));
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(home.resolve(FIRST + ".json"), damaged);
            var stash = new FileStash(scratch.resolve("at-" + at), ids);

            assertThat(stash.read(AIR))
                    .as("byte %d", at)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StashReading.Corrupt.class,
                            corrupt -> assertThat(Path.of(corrupt.where())).hasBinaryContent(damaged));
        }
    }

    @Test
    void refusesToWriteWhatWouldNotReadBack() {
        StashEntry entry = StashContract.entry(AIR, FIRST);
        var lone = new StashEntry(
                AIR,
                entry.incarnation(),
                FIRST,
                1,
                entry.base(),
                entry.createdAt(),
                new DictionaryDocument("{\"fields\":[\"\ud800\"]}"));

        assertThatThrownBy(() -> StashEnvelope.write(lone)).isInstanceOf(IllegalArgumentException.class);
    }
}
