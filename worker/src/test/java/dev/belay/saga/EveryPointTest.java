package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The guard over the sweeps: something happens in some test at each side of each point.
///
/// Armed is what the swept lives pass, because [KilledOnDiskTest] and [FailedOnDiskTest] kill and fail every
/// passing of those, and what a test's source names together with a side (`PUBLISH_COMMIT, Side.AFTER`,
/// `"INTAKE_SEND, AFTER"`, `halt:STAGE_CHUNK:BEFORE`, or any point in a source that goes through
/// `Side.values()`): arming a point that never fires is an error, see [Faults.Arm#close()].
final class EveryPointTest {
    private static final Path SOURCES = Path.of("src", "test", "java", "dev", "belay");
    private static final Pattern NAMED =
            Pattern.compile("\\b([A-Z]+(?:_[A-Z]+)+)\\s*[,:]\\s*(?:FaultPoint\\.)?(?:Side\\.)?(BEFORE|AFTER)\\b");

    private static final Pattern POINT = Pattern.compile("\\bFaultPoint\\.([A-Z_]+)");

    @Test
    void isArmedOnBothSides() throws Exception {
        assumeTrue(Files.isDirectory(SOURCES), "the tests' sources are not here");
        Set<String> armed = passedBySweptLives();
        armed.addAll(namedInSources());

        var never = new TreeSet<String>();
        for (FaultPoint point : FaultPoint.values()) {
            for (Side side : Side.values()) {
                if (!armed.contains(point + ":" + side)) {
                    never.add(point + ":" + side);
                }
            }
        }
        assertThat(never).as("points at which no test lets anything happen").isEmpty();
    }

    private static Set<String> passedBySweptLives() throws Exception {
        var passed = new TreeSet<String>();
        try (var copies = new Copies()) {
            for (SweptJob job : SweptJob.values()) {
                OnDisk disk = job.prepared(copies.next());
                try (var _ = Faults.onEveryPass((point, side) -> passed.add(point + ":" + side))) {
                    disk.live();
                }
            }
        }
        return passed;
    }

    private static Set<String> namedInSources() throws IOException {
        var named = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    // Those of the points themselves pass them by hand.
                    .filter(file -> !file.startsWith(SOURCES.resolve("fault")) && !file.endsWith("EveryPointTest.java"))
                    .toList();
            for (Path source : sources) {
                String text = Files.readString(source);
                NAMED.matcher(text).results().forEach(found -> named.add(found.group(1) + ":" + found.group(2)));
                if (text.contains("Side.values()")) {
                    POINT.matcher(text).results().forEach(found -> {
                        named.add(found.group(1) + ":" + Side.BEFORE);
                        named.add(found.group(1) + ":" + Side.AFTER);
                    });
                }
            }
        }
        return named;
    }
}
