package dev.belay.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/// Where it was measured.
///
/// @param processor  its name, where the system tells it
/// @param fileSystem of the scratch folder
/// @param load       of the last minute, when the bench began; negative where the system does not tell it
public record Machine(
        String processor, int cores, long memoryBytes, String fileSystem, String system, String java, double load) {
    /// This one.
    static Machine here(Path folder, Properties properties) throws IOException {
        var bean = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                processor(bean.getArch()),
                bean.getAvailableProcessors(),
                bean.getTotalMemorySize(),
                Files.getFileStore(folder).type(),
                bean.getName() + " " + bean.getVersion(),
                properties.getProperty("java.vendor.version", properties.getProperty("java.version")),
                bean.getSystemLoadAverage());
    }

    private static String processor(String otherwise) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*:\\s*", ""))
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException absent) {
            return otherwise;
        }
    }
}
