package dev.belay.powercut;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The nth job of a lane: a pure function of its numbers, so that whoever checks needs nobody to tell what it was.
///
/// A lane is one dataset. Its jobs take turns: replaced, appended to, upserted into, replaced in place, appended to,
/// and one that fails in place, after the delete. What replaces in lane 2 is long: its pages are written in
/// several blocks, most of them past the page cache, and the last ones through it.
///
/// @param seed of the whole script
record ScriptedJob(long seed, int lane, int number) {
    private static final int BLOCK = 100_000;
    private static final String HEADER = "id,job,amount,name\n";
    private static final int PATIENT = 100;
    private static final int LONG_LANE = 2;
    /// Of a long file, which is read in three parts: pages of 4, 4 and less than 1 MiB.
    private static final int LONG_ROWS = 66_000;

    /// The job of an id.
    static ScriptedJob of(long seed, String id) {
        String[] parts = id.split("-", -1);
        return new ScriptedJob(seed, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    private enum Turn {
        REPLACE,
        APPEND,
        UPSERT,
        IN_PLACE,
        APPEND_AGAIN,
        FAIL_IN_PLACE
    }

    private Turn turn() {
        return Turn.values()[number % Turn.values().length];
    }

    String id() {
        return "job-%d-%d".formatted(lane, number);
    }

    static String dataset(int lane) {
        return "lane-" + lane;
    }

    String dataset() {
        return dataset(lane);
    }

    boolean fails() {
        return turn() == Turn.FAIL_IN_PLACE;
    }

    /// @param url where [#file] is
    JobMessage message(String url) {
        // However often the power goes under it, that is not the job's fault.
        JobMessage replace = JobMessage.replace(dataset(), JobMessage.Source.url(url))
                .withJobId(id())
                .withRetry(new Retry(PATIENT, Retry.On.TRANSIENT));
        List<String> key = List.of("id");
        return switch (turn()) {
            case REPLACE -> replace;
            case APPEND, APPEND_AGAIN -> replace.withMode(Mode.APPEND, List.of());
            case UPSERT -> replace.withMode(Mode.UPSERT, key);
            case IN_PLACE -> replace.withPublish(PublishStrategy.IN_PLACE);
            case FAIL_IN_PLACE -> replace.withMode(Mode.REPLACE, key).withPublish(PublishStrategy.IN_PLACE);
        };
    }

    byte[] file() {
        List<String> lines = lines();
        String twice = fails() ? lines.getFirst() + "\n" : "";
        return (HEADER + String.join("\n", lines) + "\n" + twice).getBytes(StandardCharsets.UTF_8);
    }

    /// The rows of its file, as they are written there.
    List<String> lines() {
        var random = new Random(seed * 1_000_003 + lane * 10_007L + number);
        int rows = 1 + (random.nextInt(8) == 0 ? random.nextInt(20_000) : random.nextInt(500));
        if (isLong()) {
            rows = LONG_ROWS + random.nextInt(1_000);
        }
        String id = id();
        var lines = new ArrayList<String>(rows);
        for (int row = 0; row < rows; row++) {
            // An upsert meets the first half of what the job before it has brought.
            int block = turn() == Turn.UPSERT && row % 2 == 0 ? number - 1 : number;
            lines.add((block * BLOCK + row) + "," + id + "," + random.nextInt(1_000_000) + ",name "
                    + random.nextInt(10_000) + (isLong() ? words(random) : ""));
        }
        return lines;
    }

    private boolean isLong() {
        return lane == LONG_LANE && (turn() == Turn.REPLACE || turn() == Turn.IN_PLACE);
    }

    /// So many characters that no two pages of a file are the same.
    private static String words(Random random) {
        var words = new StringBuilder();
        for (int word = 0; word < 6; word++) {
            words.append(' ').append(Long.toHexString(random.nextLong()));
        }
        return words.toString();
    }

    /// The rows of the version that it makes out of those before it.
    List<String> after(List<String> before) {
        var rows = new java.util.LinkedHashMap<String, String>();
        if (turn() == Turn.APPEND || turn() == Turn.APPEND_AGAIN || turn() == Turn.UPSERT) {
            before.forEach(line -> rows.put(key(line), line));
        }
        lines().forEach(line -> rows.put(key(line), line));
        return List.copyOf(rows.values());
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf(','));
    }
}
