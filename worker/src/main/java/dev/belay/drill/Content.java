package dev.belay.drill;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// What is in the files: ids unique within a file, and the name of the job in each row, so that who reads a table sees
/// which jobs made it.
final class Content {
    static final String HEADER = "id,code,name,amount,job\n";
    static final int COLUMNS = 5;
    static final Curated CURATED = new Curated("name", "amount", "code");

    private static final int BAD_EVERY = 100;

    private Content() {}

    /// A good file; about one record in a hundred is rejected.
    static String of(String job, int rows, RandomGenerator random) {
        var text = new StringBuilder(HEADER);
        int id = random.nextInt(500);
        for (int row = 0; row < rows; row++) {
            id += 1 + random.nextInt(3);
            text.append(id)
                    .append(',')
                    .append(100 + random.nextInt(900))
                    .append(",name ")
                    .append(random.nextInt(10_000))
                    .append(',')
                    .append(random.nextInt(1_000_000))
                    .append(',')
                    .append(job)
                    .append('\n');
            if (row % BAD_EVERY == BAD_EVERY - 1) {
                text.append("too,short\n");
            }
        }
        return text.toString();
    }

    /// The same with its first row once more at the end.
    static String withOneTwice(String content) {
        return content + content.substring(HEADER.length()).lines().findFirst().orElseThrow() + "\n";
    }

    /// Too many records that cannot be read.
    static String rejected(String job) {
        return HEADER + "1,2,three,4," + job + "\n5\n6,7\n";
    }

    static byte[] notUtf8(String job) {
        byte[] bytes = (HEADER + "1,2,n?me,4," + job + "\n").getBytes(StandardCharsets.ISO_8859_1);
        bytes[HEADER.length() + 5] = (byte) 0x81;
        return bytes;
    }
}
