package dev.belay.bench;

import dev.belay.intake.EventFollower;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// A `belay dev` of our own, a worker and a broker in processes of their own, that stays up; and clients to it.
final class StayingWorker implements Crew {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 20;
    private static final int LAST_CHARACTERS = 2_000;

    private final Process process;
    private final JobSubmitter submitter;
    private final EventFollower follower;

    private StayingWorker(Process process, JobSubmitter submitter, EventFollower follower) {
        this.process = process;
        this.submitter = submitter;
        this.follower = follower;
    }

    /// @param folder for its data and its log
    /// @param files  the folder jobs may read from
    static StayingWorker start(Program program, Map<String, String> settings, Path folder, Path files)
            throws IOException, JobFailure, InterruptedException {
        Files.createDirectories(folder);
        Path data = folder.resolve("data");
        Path log = folder.resolve("said.txt");
        var arguments = arguments("dev", data, settings);
        arguments.addAll(List.of("--root", files.toString()));
        Process process = Child.clean(new ProcessBuilder(program.belay(arguments)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            IntakeSettings intake = new RoomSettings(settings(data, settings))
                    .intake("command", bootstrapServers(process, settings(data, settings), log));
            EventFollower follower = EventFollower.fromNow(intake, PATIENCE);
            return new StayingWorker(process, new JobSubmitter(intake), follower);
        } catch (IOException | JobFailure | RuntimeException | InterruptedException failed) {
            stop(process);
            throw failed;
        }
    }

    /// `belay COMMAND --data FOLDER --set …`
    static List<String> arguments(String command, Path data, Map<String, String> settings) {
        var arguments = new ArrayList<>(List.of(command, "--data", data.toString()));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return arguments;
    }

    /// Settings as a command would read them, without a file and an environment.
    static Settings settings(Path data, Map<String, String> more) throws JobFailure {
        var flags = new HashMap<>(more);
        flags.put("data", data.toString());
        return SettingsReader.read(new SettingsInputs(data, null, Map.of(), flags))
                .settings();
    }

    private static String bootstrapServers(Process process, Settings settings, Path log)
            throws IOException, InterruptedException {
        var endpoint = new RoomSettings(settings).folder().endpoint();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Optional<Endpoint> living = endpoint.living();
            if (living.isPresent()) {
                return living.get().bootstrapServers();
            }
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        String said = Files.readString(log);
        throw new IOException(
                "belay dev did not come up: " + said.substring(Math.max(0, said.length() - LAST_CHARACTERS)));
    }

    @Override
    public JobSubmitter submitter() {
        return submitter;
    }

    @Override
    public EventFollower follower() {
        return follower;
    }

    /// The worker's process; the broker's is its child.
    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public Usage usage() {
        OptionalLong worker = ProcessFacts.cpuOf(process.pid());
        OptionalLong all = ProcessFacts.cpuOfTree(process());
        OptionalLong broker = worker.isPresent() && all.isPresent()
                ? OptionalLong.of(all.getAsLong() - worker.getAsLong())
                : OptionalLong.empty();
        return new Usage(worker, broker, OptionalLong.of(0));
    }

    @Override
    public void close() {
        follower.close();
        submitter.close();
        stop(process);
    }

    /// As by Ctrl-C, so that the broker goes too; what does not is killed.
    private static void stop(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
