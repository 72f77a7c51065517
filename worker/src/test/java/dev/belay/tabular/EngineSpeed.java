package dev.belay.tabular;

import com.sun.management.OperatingSystemMXBean;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.RowSink;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/// Measures both walks over a file, without a store: `EngineSpeed FILE [ROUNDS [THREADS [columns]]]`. Run by hand; the
/// files are
/// those of `belay bench`.
final class EngineSpeed {
    private EngineSpeed() {}

    /// A file on disk.
    record OnDisk(FileChannel file) implements TableBytes {
        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(long position, byte[] target, int from, int length) throws IOException {
            return file.read(ByteBuffer.wrap(target, from, length), position);
        }
    }

    /// Takes values and forgets them.
    private static final class Nowhere implements RowSink {
        @SuppressWarnings("UnusedVariable") // Keeps the calls from being optimized away.
        private long seen;

        @Override
        public void nothing(int column) {
            seen++;
        }

        @Override
        public void integer(int column, long value) {
            seen += value;
        }

        @Override
        public void real(int column, double value) {
            seen += (long) value;
        }

        @Override
        public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
            seen += unscaled;
        }

        @Override
        public void text(int column, byte[] bytes, int from, int to) {
            seen += to - from;
        }

        @Override
        public void endRow() {
            seen++;
        }
    }

    public static void main(String... args) throws Exception {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int threads = args.length > 2
                ? Integer.parseInt(args[2])
                : Runtime.getRuntime().availableProcessors();
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (FileChannel file = FileChannel.open(Path.of(args[0]));
                var cores = new Cores(threads)) {
            var reader = new DelimitedReader(ReadLimits.DEFAULTS, cores);
            var bytes = new OnDisk(file);
            for (int round = 0; round < rounds; round++) {
                long start = System.nanoTime();
                long cpu = machine.getProcessCpuTime();
                Dialect dialect = reader.detect(bytes, ReadOptions.DETECT);
                TableProfile profile = reader.profile(bytes, dialect, Map.of(), Progress.SILENT);
                long middle = System.nanoTime();
                long cpuMiddle = machine.getProcessCpuTime();
                TypedTable rows = reader.rows(bytes, profile);
                Nowhere[] sinks = IntStream.range(0, rows.parts())
                        .mapToObj(part -> new Nowhere())
                        .toArray(Nowhere[]::new);
                cores.inOrder(
                        rows.parts(),
                        part -> {
                            rows.read(part, sinks[part]);
                            return part;
                        },
                        (part, done) -> {});
                long end = System.nanoTime();
                System.out.printf(
                        "%,d rows: first walk %.3f s (CPU %.3f), second %.3f s (CPU %.3f)%n",
                        profile.rows(),
                        (middle - start) / 1e9,
                        (cpuMiddle - cpu) / 1e9,
                        (end - middle) / 1e9,
                        (machine.getProcessCpuTime() - cpuMiddle) / 1e9);
                if (round == rounds - 1 && args.length > 3) {
                    profile.columns()
                            .forEach(column -> System.out.printf(
                                    "  %s %s distinct %d%s%n",
                                    column.column().name(),
                                    column.column().type().label(),
                                    column.distinctCount(),
                                    column.distinctExact() ? "" : " about"));
                }
            }
        }
    }
}
