package dev.belay.saga;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// All that a kill leaves of a [Rig], in one text: what its stores hold, the files of its workspace, and what Kafka
/// holds. Left out is what no worker can tell: how often the clock was looked at, and how many ids were given away.
///
/// What the stores hold are immutable records and lists of them, so that their texts tell them apart.
final class LeftInMemory {
    private LeftInMemory() {}

    static String of(Rig rig) {
        var text = new StringBuilder();
        for (Object store : new Object[] {rig.journal, rig.datastore, rig.stash}) {
            add(store, text);
        }
        text.append(rig.log.events)
                .append(rig.log.waiting)
                .append(rig.log.deadLetters)
                .append(rig.log.delays);
        addFiles(rig.workspace.root(), text);
        return text.toString();
    }

    private static void add(Object store, StringBuilder text) {
        for (Field field : store.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                try {
                    text.append(field.getName())
                            .append('=')
                            .append(field.get(store))
                            .append('\n');
                } catch (IllegalAccessException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }
    }

    private static void addFiles(Path root, StringBuilder text) {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted().toList()) {
                text.append(file).append('\n');
                if (Files.isRegularFile(file)) {
                    var sum = new CRC32();
                    sum.update(Files.readAllBytes(file));
                    text.append(sum.getValue()).append('\n');
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
