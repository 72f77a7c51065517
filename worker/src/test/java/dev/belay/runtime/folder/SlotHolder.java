package dev.belay.runtime.folder;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Path;

/// A process that takes the first free slot of a folder, prints its number and holds it until its input ends.
final class SlotHolder {
    private SlotHolder() {}

    public static void main(String[] arguments) throws JobFailure, IOException {
        try (var slot = WorkerSlot.takeFirstFree(Path.of(arguments[0]))) {
            System.out.println(slot.name());
            System.out.flush();
            while (System.in.read() != -1) {
                // Only the end matters.
            }
        }
    }
}
