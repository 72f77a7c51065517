package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What `belay doctor` looks at outside of the stores: JDK, data folder, disk, clock.
final class MachineChecks {
    private static final int NEEDED_JAVA = 25;
    private static final long ROOM_TO_WORK = 100_000_000L;
    private static final long ROOM_TO_BE_EASY = 1_000_000_000L;

    /// No program of ours ran before.
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private final DataFolder folder;
    private final InstantSource clock;

    MachineChecks(Settings settings, InstantSource clock) {
        this.folder = new RoomSettings(settings).folder();
        this.clock = clock;
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        findings.add(java());
        findings.add(dataFolder());
        findings.add(disk());
        findings.add(time());
        return findings;
    }

    private static Finding java() {
        Runtime.Version version = Runtime.version();
        return version.feature() >= NEEDED_JAVA
                ? Finding.ok("java", "%s, %s".formatted(version, System.getProperty("java.vm.name")))
                : Finding.fail(
                        "java",
                        "%s is older than %d".formatted(version, NEEDED_JAVA),
                        "set BELAY_JAVA_HOME to a JDK " + NEEDED_JAVA);
    }

    private Finding dataFolder() {
        try {
            folder.refuseNetworkDisks();
        } catch (JobFailure refused) {
            return Finding.fail("data folder", refused.failure());
        }
        if (!folder.exists()) {
            return Finding.warn("data folder", folder.root() + " does not exist yet", "belay run FILE makes it");
        }
        for (Path place : folder.own()) {
            if (!Files.isWritable(place)) {
                return Finding.fail("data folder", place + " cannot be written", "chmod u+w " + place);
            }
        }
        return Finding.ok("data folder", "%s, writable%s".formatted(folder.root(), type()));
    }

    private String type() {
        try {
            return ", on " + Files.getFileStore(folder.root()).type();
        } catch (IOException unknown) {
            return "";
        }
    }

    private Finding disk() {
        Path place = folder.datastoreFolder();
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        try {
            FileStore store = Files.getFileStore(place);
            long room = store.getUsableSpace();
            String words = "%s free of %s".formatted(Texts.bytes(room), Texts.bytes(store.getTotalSpace()));
            if (room < ROOM_TO_WORK) {
                return Finding.fail("disk", words, "free some space on " + place);
            }
            return room < ROOM_TO_BE_EASY
                    ? Finding.warn("disk", words + ": loads need room for two copies", "free some space on " + place)
                    : Finding.ok("disk", words);
        } catch (IOException failed) {
            return Finding.fail("disk", "%s cannot be asked: %s".formatted(place, failed), "check the disk");
        }
    }

    private Finding time() {
        Instant now = clock.instant();
        return now.isBefore(EARLIEST)
                ? Finding.fail("clock", "it is %s here, which cannot be".formatted(now), "set the clock (NTP)")
                : Finding.ok("clock", Texts.when(now));
    }
}
