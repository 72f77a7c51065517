package dev.belay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What Linux says of processes in `/proc`; elsewhere nothing is known.
final class ProcessFacts {
    // The kernel's clock of user space, on every architecture that Java runs on.
    private static final long NANOS_OF_A_TICK = 10_000_000;
    // Fields after the command's name in parentheses, which may hold blanks.
    private static final int OWN_USER = 11;
    private static final int OF_ENDED_CHILDREN = 13;

    private ProcessFacts() {}

    /// CPU of all processes of ours that have ended and were waited for, theirs included.
    static OptionalLong cpuOfEndedChildren() {
        return cpu(ProcessHandle.current().pid(), OF_ENDED_CHILDREN);
    }

    /// CPU of a process and of all that it has started, living or ended.
    static OptionalLong cpuOfTree(ProcessHandle top) {
        OptionalLong own = cpu(top.pid(), OWN_USER);
        if (own.isEmpty()) {
            return own;
        }
        try (Stream<ProcessHandle> all = Stream.concat(Stream.of(top), top.descendants())) {
            return OptionalLong.of(all.mapToLong(
                            process -> cpu(process.pid(), OWN_USER).orElse(0)
                                    + cpu(process.pid(), OF_ENDED_CHILDREN).orElse(0))
                    .sum());
        }
    }

    /// CPU of one process, living.
    static OptionalLong cpuOf(long pid) {
        return cpu(pid, OWN_USER);
    }

    /// Whether there is a process of that id and command here.
    static boolean isCalled(long pid, String command) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "comm"))
                    .strip()
                    .equals(command);
        } catch (IOException unknown) {
            return false;
        }
    }

    /// The most memory that a process has had resident since [#forgetPeak].
    static OptionalLong peakMemory(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | RuntimeException unknown) {
            return OptionalLong.empty();
        }
    }

    /// Begins a new peak, where the kernel lets us.
    static void forgetPeak(long pid) {
        try {
            Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
        } catch (IOException notHere) {
            // The peak is then that of the process's whole life: too high, never too low.
            return;
        }
    }

    /// Two fields in a row: user and system.
    private static OptionalLong cpu(long pid, int field) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return OptionalLong.of(
                    (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) * NANOS_OF_A_TICK);
        } catch (IOException | RuntimeException unknown) {
            return OptionalLong.empty();
        }
    }
}
