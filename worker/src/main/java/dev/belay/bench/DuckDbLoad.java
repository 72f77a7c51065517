package dev.belay.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// A process that loads one file with DuckDB and prints nanoseconds, CPU nanoseconds and rows.
public final class DuckDbLoad {
    private DuckDbLoad() {}

    /// @param arguments the file, and the database to make
    public static void main(String[] arguments) throws SQLException {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = machine.getProcessCpuTime();
        long start = System.nanoTime();
        long rows;
        try (var connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[1]);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE loaded AS SELECT * FROM read_csv('%s', sample_size=-1, header=true)"
                    .formatted(arguments[0].replace("'", "''")));
            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM loaded")) {
                count.next();
                rows = count.getLong(1);
            }
            statement.execute("CHECKPOINT");
        }
        long nanos = System.nanoTime() - start;
        // Not System.out: only commands speak to people, and this speaks to its parent.
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println(nanos + " " + (machine.getProcessCpuTime() - cpu) + " " + rows);
    }
}
