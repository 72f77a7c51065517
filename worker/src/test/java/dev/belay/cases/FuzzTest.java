package dev.belay.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.format.FormatLimits;
import dev.belay.format.Formats;
import dev.belay.format.Order;
import dev.belay.format.Prepared;
import dev.belay.format.Pulse;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.ReadLimits;
import dev.belay.tabular.TableBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of the corpus with bytes changed, cut out and doubled: whatever comes, it is read or it is a [JobFailure] that
/// says why.
///
/// `-Dfuzz.rounds=N` goes on N times as long, `-Dfuzz.seed=S` repeats a run.
final class FuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1);
    private static final int CHANGED = 2;
    private static final int LARGEST = 1 << 16;
    private static final FormatLimits SMALL = new FormatLimits(1 << 20, 50, 100, 3, 50, 1 << 16, 1 << 17, 100);

    @TempDir
    private Path folder;

    @Test
    void whatIsChangedAtRandomIsReadOrRefused() throws IOException {
        var random = new Random(SEED);
        List<byte[]> files = files();
        List<String> broken = new ArrayList<>();

        for (int round = 0; round < ROUNDS; round++) {
            for (byte[] file : files) {
                for (int time = 0; time < CHANGED; time++) {
                    tryOut(changed(file, random), broken);
                    if (file[0] == 'P' && file.length > 100) {
                        tryOut(changedInside(file, random), broken);
                    }
                }
            }
        }

        assertThat(broken).as("fuzz.seed=%d", SEED).isEmpty();
    }

    private static List<byte[]> files() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (Case one : Case.all()) {
            if (!one.node().path("build").toString().matches(".*(repeat|far).*")) {
                byte[] bytes = one.bytes();
                if (bytes.length > 0 && bytes.length < LARGEST) {
                    files.add(bytes);
                }
            }
        }
        return files;
    }

    /// One file of an archive changed, and the archive whole again, so that what reads the file is reached.
    private static byte[] changedInside(byte[] file, Random random) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(file));
                var again = new ZipOutputStream(out)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] content = zip.readAllBytes();
                again.putNextEntry(new ZipEntry(entry.getName()));
                again.write(random.nextInt(3) == 0 && content.length > 0 ? changed(content, random) : content);
                again.closeEntry();
            }
        } catch (ZipException broken) {
            return file;
        }
        return out.toByteArray();
    }

    private static byte[] changed(byte[] file, Random random) {
        byte[] bytes = file.clone();
        for (int change = 1 + random.nextInt(4); change > 0 && bytes.length > 0; change--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = new byte[] {0, -1, 127, '"', ',', '\n', '{', '<'}[random.nextInt(8)];
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
                    byte[] more = Arrays.copyOf(bytes, bytes.length + length);
                    System.arraycopy(bytes, at, more, at + length, bytes.length - at);
                    bytes = more;
                }
            }
        }
        return bytes;
    }

    // Anything but a JobFailure is what is looked for.
    private void tryOut(byte[] bytes, List<String> broken) throws IOException {
        Path own = Files.createTempDirectory(folder, "f");
        Path fetched = own.resolve("source");
        Files.write(fetched, bytes);
        try {
            Prepared prepared = new Formats(SMALL)
                    .prepare(new Order(fetched, own, "file", Optional.empty(), ReadOptions.DETECT, Pulse.STEADY));
            var reader = DelimitedReader.alone(new ReadLimits(1 << 16, 1 << 17, 100, 5));
            TableBytes text = TableBytes.of(Files.readAllBytes(prepared.file()));
            reader.profile(text, reader.detect(text, prepared.read()), Map.of(), Progress.SILENT);
        } catch (JobFailure refused) {
            assertThat(refused.failure().message()).hasSizeBetween(10, 3000);
        } catch (IOException | RuntimeException | Error defect) {
            Path kept = Files.write(Path.of("target", "fuzz-" + broken.size()), bytes);
            broken.add(kept + ": " + defect + " " + Arrays.toString(Arrays.copyOf(defect.getStackTrace(), 6)));
        } finally {
            for (String left : List.of("source", "table", "decoded", "requoted", "strings", "string-ends")) {
                Files.deleteIfExists(own.resolve(left));
            }
        }
    }
}
