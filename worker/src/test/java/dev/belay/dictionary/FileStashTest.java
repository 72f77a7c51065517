package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.DatasetId;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileStashTest extends StashContract {
    @TempDir
    private Path scratch;

    private Path folder;
    private final AtomicInteger minted = new AtomicInteger();
    private final IdSource ids = () -> "01J%023d".formatted(minted.incrementAndGet());

    @BeforeEach
    void chooseAFolderThatIsNotThereYet() {
        folder = scratch.resolve("data/stash");
    }

    @Override
    Stash stash() {
        return fileStash();
    }

    private FileStash fileStash() {
        return new FileStash(folder, ids);
    }

    @Override
    void damage(DatasetId dataset, OperationId operation) {
        rewrite(placeOf(dataset, operation), text -> text.replaceFirst("\"attempt\":\\d", "\"attempt\":7"));
    }

    private Path placeOf(DatasetId dataset, OperationId operation) {
        return folder.resolve(dataset.value()).resolve(operation + ".json");
    }

    @Test
    void readsAndClearsWithoutMakingAFolder() {
        stash().read(AIR);
        stash().list();
        stash().clear(AIR, FIRST);
        fileStash().probe();

        assertThat(tree(scratch)).isEmpty();
    }

    @Test
    void leavesOneFileAndNothingElse() {
        stash().put(entry(AIR, FIRST));

        assertThat(tree(folder)).containsExactly("air", "air/" + FIRST + ".json");
    }

    @Test
    void probesAFolderThatIsThereAndLeavesNothing() throws IOException {
        Files.createDirectories(folder);

        fileStash().probe();

        assertThat(tree(folder)).isEmpty();
    }

    @Test
    @FaultRow("S5")
    void saysAtStartThatAFileStandsInTheWay() throws IOException {
        Files.createDirectories(scratch.resolve("data"));
        Files.writeString(folder, "mine");

        assertThatThrownBy(() -> fileStash().probe())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable ->
                                assertThat(unavailable.failure().code()).isEqualTo(FailureCode.STASH_WRITE_FAILED))
                .hasMessageContaining("is not a folder");
        assertThatThrownBy(() -> stash().put(entry(AIR, FIRST))).isInstanceOf(Unavailable.class);
        assertThat(folder).hasContent("mine");
    }

    @Test
    void ignoresWhatAKilledWriterLeftAndSweepsItWithItsOperation() throws IOException {
        stash().put(entry(AIR, SECOND));
        Path left = folder.resolve("air/" + FIRST + ".01J.partial");
        Path others = folder.resolve("air/" + SECOND + ".01J.partial");
        Files.writeString(left, "{\"version\":1,\"data");
        Files.writeString(others, "");

        assertThat(stash().read(AIR)).containsExactly(new StashReading.Held(entry(AIR, SECOND)));
        assertThat(left).exists();

        stash().put(entry(AIR, FIRST));
        assertThat(left).doesNotExist();
        assertThat(others).exists();

        stash().clear(AIR, SECOND);
        assertThat(others).doesNotExist();
    }

    @Test
    @FaultRow("S2")
    void keepsEveryByteOfADamagedCopy() throws IOException {
        stash().put(entry(AIR, FIRST));
        damage(AIR, FIRST);
        byte[] before = Files.readAllBytes(placeOf(AIR, FIRST));

        StashReading.Corrupt corrupt = onlyCorrupt(stash().read(AIR));

        assertThat(corrupt.reason()).isEqualTo("its SHA-256 does not match its content");
        assertThat(Path.of(corrupt.where())).hasBinaryContent(before).hasParent(folder.resolve("_quarantine/air"));
        assertThat(placeOf(AIR, FIRST)).doesNotExist();

        stash().resolve(corrupt);
        assertThat(Path.of(corrupt.where() + ".resolved")).hasBinaryContent(before);
    }

    @Test
    @FaultRow("S4")
    void refusesACopyThatBelongsElsewhere() throws IOException {
        stash().put(entry(AIR, FIRST));
        Files.copy(placeOf(AIR, FIRST), placeOf(AIR, SECOND));
        Files.createDirectory(folder.resolve("water"));
        Files.copy(placeOf(AIR, FIRST), placeOf(WATER, FIRST));

        assertThat(onlyCorrupt(stash().read(AIR)).reason()).contains("copy of operation " + FIRST);
        assertThat(onlyCorrupt(stash().read(WATER)).reason()).contains("copy of dataset air");
        assertThat(stash().read(AIR)).contains(new StashReading.Held(entry(AIR, FIRST)));
    }

    @Test
    void namesWhatIsWrongWithACopy() throws IOException {
        assertThat(reasonFor("")).isEqualTo("it is empty");
        assertThat(reasonFor("{\"version\":2,\"new\":true}")).contains("version 2", "newer Belay");
        assertThat(reasonFor("{\"version\":1")).contains("is not JSON");
        assertThat(reasonFor("[]")).contains("a value that is none");
        assertThat(reasonFor("{\"version\":1e99999999999}")).isNotEmpty();
        assertThat(reasonFor("[".repeat(100_000))).contains("is not JSON");
    }

    private String reasonFor(String content) throws IOException {
        Path home = Files.createDirectories(folder.resolve("air"));
        Files.writeString(home.resolve(FIRST + ".json"), content);
        StashReading.Corrupt corrupt = onlyCorrupt(stash().read(AIR));
        assertThat(stash().resolve(corrupt)).isTrue();
        return corrupt.reason();
    }

    @Test
    void refusesACopyLargerThanAnyItWrites() throws IOException {
        Path home = Files.createDirectories(folder.resolve("air"));
        try (var file = new RandomAccessFile(home.resolve(FIRST + ".json").toFile(), "rw")) {
            file.setLength(StashEnvelope.LIMIT + 1L);
        }

        assertThat(onlyCorrupt(stash().read(AIR)).reason()).contains("67,108,865 bytes, the limit is 67,108,864");
    }

    @Test
    void setsAsideACopyWhoseNameIsNoOperation() throws IOException {
        Path home = Files.createDirectories(folder.resolve("air"));
        Files.writeString(home.resolve("..\n evil.json"), "x");
        Files.createDirectory(home.resolve(FIRST + ".json"));
        Path elsewhere = Files.writeString(scratch.resolve("elsewhere"), "theirs");
        Files.createSymbolicLink(home.resolve(SECOND + ".json"), elsewhere);

        List<StashReading> readings = stash().read(AIR);

        assertThat(readings).hasSize(3).allMatch(StashReading.Corrupt.class::isInstance);
        assertThat(stash().read(AIR)).isEqualTo(readings);
        assertThat(tree(home)).isEmpty();
        assertThat(elsewhere).hasContent("theirs");
    }

    @Test
    void neverFollowsALinkInPlaceOfADatasetsFolder() throws IOException {
        Path outside = Files.createDirectories(scratch.resolve("outside"));
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("air"), outside);
        Files.writeString(outside.resolve(FIRST + ".json"), "theirs");

        assertThatThrownBy(() -> stash().put(entry(AIR, FIRST)))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> stash().clear(AIR, FIRST)).isInstanceOf(Unavailable.class);
        assertThat(onlyCorrupt(stash().read(AIR)).reason()).contains("stands where the dataset's folder belongs");
        assertThat(stash().list()).hasSize(1);
        assertThat(outside.resolve(FIRST + ".json")).hasContent("theirs");
        assertThat(tree(outside)).hasSize(1);
    }

    @Test
    void reportsADamagedCopyInPlaceWhenTheQuarantineIsALink() throws IOException {
        stash().put(entry(AIR, FIRST));
        damage(AIR, FIRST);
        Path outside = Files.createDirectories(scratch.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("_quarantine"), outside);

        StashReading.Corrupt corrupt = onlyCorrupt(stash().read(AIR));

        assertThat(corrupt.where()).isEqualTo(placeOf(AIR, FIRST).toString());
        assertThat(corrupt.reason()).contains("could not be set aside", "symbolic link");
        assertThat(tree(outside)).isEmpty();
    }

    @Test
    void ignoresFoldersThatCanBelongToNoDataset() throws IOException {
        Files.createDirectories(folder.resolve("lost+found"));
        stash().put(entry(AIR, FIRST));

        assertThat(stash().list()).containsExactly(new StashReading.Held(entry(AIR, FIRST)));
    }

    @Test
    void doesNotResolveAWholeCopy() {
        stash().put(entry(AIR, FIRST));

        boolean resolved = stash().resolve(
                        new StashReading.Corrupt(AIR, placeOf(AIR, FIRST).toString(), "invented"));

        assertThat(resolved).isFalse();
        assertThat(stash().read(AIR)).containsExactly(new StashReading.Held(entry(AIR, FIRST)));
    }

    private static void rewrite(Path file, UnaryOperator<String> change) {
        try {
            byte[] changed = change.apply(Files.readString(file)).getBytes(StandardCharsets.UTF_8);
            Files.write(file, changed);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> tree(Path top) {
        try (Stream<Path> found = Files.walk(top)) {
            return found.filter(path -> !path.equals(top))
                    .map(path -> top.relativize(path).toString())
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
