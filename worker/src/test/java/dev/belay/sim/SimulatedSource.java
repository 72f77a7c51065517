package dev.belay.sim;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.Sha256;
import dev.belay.job.Unavailable;
import dev.belay.source.Fetched;
import dev.belay.source.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files by name; some fail a few times, some kill whoever fetches them. Nothing is fsynced: no power is cut
/// here.
final class SimulatedSource implements Source {
    private final Faults faults;
    private final Fibers fibers;
    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Map<String, Integer> kills = new HashMap<>();

    SimulatedSource(Faults faults, Fibers fibers) {
        this.faults = faults;
        this.fibers = fibers;
    }

    void file(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /// The next fetches of a file fail.
    void fail(String name, int times) {
        failures.put(name, times);
    }

    /// Whoever fetches it dies.
    void poison(String name) {
        kills.put(name, 0);
    }

    int kills(String name) {
        return kills.getOrDefault(name, 0);
    }

    @Override
    public Fetched fetch(JobSource.Url source, Path target, Progress progress) throws JobFailure {
        String name = source.url();
        if (kills.containsKey(name)) {
            kills.merge(name, 1, Integer::sum);
            faults.kill(fibers.life());
        }
        int left = failures.getOrDefault(name, 0);
        if (left > 0) {
            failures.put(name, left - 1);
            throw JobFailure.transientFailure(FailureCode.HTTP_TIMEOUT, name + " does not answer");
        }
        byte[] content = files.get(name);
        if (content == null) {
            throw JobFailure.permanent(FailureCode.SOURCE_NOT_FOUND, "there is no file " + name);
        }
        try {
            Files.write(target, content);
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new Fetched(content.length, new Sha256(digest), Optional.empty(), Optional.empty(), name, List.of());
        } catch (IOException failed) {
            throw new Unavailable(
                    new Failure.Transient(FailureCode.STORE_UNAVAILABLE, target + " cannot be written", Place.NONE),
                    failed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
