package dev.belay.sim;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The jobs of one world, and what may become of each.
final class Story {
    private static final MessageCodec CODEC = new MessageCodec();

    /// What a job is meant to be.
    enum Kind {
        GOOD,
        FLAKY,
        POISON,
        RAGGED,
        REPEATED,
        RESTORE
    }

    /// @param rows    what its file holds, for RESTORE none
    /// @param version of a RESTORE
    record Job(String id, Kind kind, JobMessage message, List<List<String>> rows, int version) {
        String dataset() {
            return message.dataset();
        }

        boolean inPlace() {
            return message.publish() == PublishStrategy.IN_PLACE;
        }
    }

    /// A message as it is written to the log.
    ///
    /// @param deadLetter whether it is no job, or another under the id of an earlier one
    // Nobody changes the bytes, nobody compares messages.
    @SuppressWarnings("ArrayRecordComponent")
    record Message(String dataset, byte[] value, boolean deadLetter) {}

    final Map<String, Job> jobs = new LinkedHashMap<>();
    final List<Message> messages = new ArrayList<>();
    private final Random random;
    private final SimulatedSource source;

    Story(Random random, SimulatedSource source) {
        this.random = random;
        this.source = source;
        int datasets = 1 + random.nextInt(3);
        int count = 4 + random.nextInt(7);
        for (int number = 1; number <= count; number++) {
            Job job = job("job-" + number, "d" + random.nextInt(datasets));
            jobs.put(job.id(), job);
            Message message = message(job.message().withJobId(job.id()), false);
            messages.add(message);
            switch (random.nextInt(12)) {
                case 0, 1 -> messages.add(message);
                case 2 -> messages.add(conflict(job));
                case 3 -> messages.add(new Message(job.dataset(), "no job".getBytes(StandardCharsets.UTF_8), true));
                default -> {}
            }
        }
    }

    private static Message message(JobMessage job, boolean deadLetter) {
        return new Message(job.dataset(), CODEC.writeJob(job), deadLetter);
    }

    private static Message conflict(Job job) {
        JobMessage other = job.message().withJobId(job.id()).withSource(JobMessage.Source.url("other.csv"));
        return message(other, true);
    }

    private Job job(String id, String dataset) {
        Kind kind = switch (random.nextInt(14)) {
            case 0, 1 -> Kind.FLAKY;
            case 2 -> Kind.POISON;
            case 3 -> Kind.RAGGED;
            case 4, 5 -> Kind.REPEATED;
            case 6 -> Kind.RESTORE;
            default -> Kind.GOOD;
        };
        if (kind == Kind.RESTORE) {
            int version = 1 + random.nextInt(4);
            var message = JobMessage.replace(dataset, JobMessage.Source.version(version));
            return new Job(id, kind, message, List.of(), version);
        }
        String file = random.nextInt(8) == 0 ? "same.csv" : id + ".csv";
        List<List<String>> rows = file.equals("same.csv") ? List.of(List.of("001", "1")) : rows();
        JobMessage message = shaped(JobMessage.replace(dataset, JobMessage.Source.url(file)), kind);
        if (kind != Kind.GOOD) {
            file = id + ".csv";
            message = message.withSource(JobMessage.Source.url(file));
        }
        if (kind == Kind.REPEATED) {
            rows = List.of(List.of("001", "1"), List.of("001", "2"));
        }
        write(file, kind, rows);
        return new Job(id, kind, message, rows, 0);
    }

    private JobMessage shaped(JobMessage plain, Kind kind) {
        JobMessage message = plain;
        if (kind == Kind.REPEATED) {
            message = message.withMode(Mode.REPLACE, List.of("code"));
        } else {
            switch (random.nextInt(5)) {
                case 0 -> message = message.withMode(Mode.APPEND, List.of());
                case 1 -> message = message.withMode(Mode.UPSERT, List.of("code"));
                default -> {}
            }
        }
        return random.nextInt(3) == 0 ? message.withPublish(PublishStrategy.IN_PLACE) : message;
    }

    private List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        int first = random.nextInt(6);
        int count = 1 + random.nextInt(3);
        for (int number = first; number < first + count; number++) {
            rows.add(List.of("00" + number, Integer.toString(random.nextInt(1000))));
        }
        return rows;
    }

    private void write(String file, Kind kind, List<List<String>> rows) {
        var text = new StringBuilder("code,n\n");
        rows.forEach(row -> text.append(String.join(",", row)).append('\n'));
        if (kind == Kind.RAGGED) {
            text.append("009\n");
        }
        source.file(file, text.toString());
        if (kind == Kind.FLAKY) {
            source.fail(file, 1 + random.nextInt(3));
        }
        if (kind == Kind.POISON) {
            source.poison(file);
        }
    }
}
