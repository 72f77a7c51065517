package dev.belay.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What the JVM says of itself, under the names that Prometheus' own Java client gives them, so that dashboards made
/// for
/// it fit.
public final class ProcessFamilies {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double MILLIS = TimeUnit.SECONDS.toMillis(1);

    private ProcessFamilies() {}

    /// As they are now.
    public static List<Family> now() {
        var families = new ArrayList<Family>();
        memory(families);
        families.add(Family.gauge(
                "jvm_threads_current",
                "Threads of the JVM, virtual ones not counted.",
                ManagementFactory.getThreadMXBean().getThreadCount()));
        families.add(collections());
        families.add(Family.gauge(
                "process_start_time_seconds",
                "When the process began, in seconds since 1970.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean host) {
            families.add(Family.counter(
                    "process_cpu_seconds_total",
                    "Time of processors, in user and system mode.",
                    host.getProcessCpuTime() / NANOS));
            families.add(Family.gauge("process_open_fds", "Open files.", (double) host.getOpenFileDescriptorCount()));
            families.add(Family.gauge(
                    "process_max_fds", "Files that may be open.", (double) host.getMaxFileDescriptorCount()));
        }
        return families;
    }

    private static void memory(List<Family> families) {
        var memory = ManagementFactory.getMemoryMXBean();
        MemoryUsage heap = memory.getHeapMemoryUsage();
        MemoryUsage other = memory.getNonHeapMemoryUsage();
        families.add(Family.gauge(
                "jvm_memory_used_bytes",
                "Memory in use.",
                "area",
                Map.of("heap", (double) heap.getUsed(), "nonheap", (double) other.getUsed())));
        families.add(Family.gauge(
                "jvm_memory_committed_bytes",
                "Memory that the system has given.",
                "area",
                Map.of("heap", (double) heap.getCommitted(), "nonheap", (double) other.getCommitted())));
        families.add(Family.gauge(
                "jvm_memory_max_bytes",
                "Memory that may be used; -1 where nothing limits it.",
                "area",
                Map.of("heap", (double) heap.getMax(), "nonheap", (double) other.getMax())));
    }

    private static Family collections() {
        var sums = new TreeMap<String, Tally.Sum>();
        ManagementFactory.getGarbageCollectorMXBeans()
                .forEach(one -> sums.put(
                        one.getName(), new Tally.Sum(one.getCollectionCount(), one.getCollectionTime() / MILLIS)));
        return Family.summary("jvm_gc_collection_seconds", "Time of garbage collections.", "gc", sums);
    }
}
