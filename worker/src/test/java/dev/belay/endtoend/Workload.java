package dev.belay.endtoend;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.PublishStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// 200 jobs on 20 datasets, a third of them bad; made from a seed, the files with them.
///
/// Datasets below ten are replaced and appended to, the others replaced and upserted into (an append would make their
/// keys ambiguous). All files have the columns `id,code,name,amount` and ids that are unique within the file.
final class Workload {
    static final int DATASETS = 20;
    static final int JOBS = 200;
    private static final int BAD = JOBS / 3;
    private static final int PATIENT = 100;
    private static final String HEADER = "id,code,name,amount\n";

    private final Installation installation;
    private final Random random;
    private final List<Work> first = new ArrayList<>();
    private final List<Work> rest = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();
    private int number;

    /// A file that is not there when its job comes first.
    private record Later(String name, String content) {}

    Workload(Installation installation, Random random) throws IOException {
        this.installation = installation;
        this.random = random;
        for (int dataset = 0; dataset < DATASETS; dataset++) {
            first.add(Work.good(job(dataset, file(300))));
        }
        for (int bad = 0; bad < BAD; bad++) {
            rest.add(bad(random.nextInt(DATASETS), bad));
        }
        while (first.size() + rest.size() < JOBS) {
            rest.add(good(random.nextInt(DATASETS)));
        }
        Collections.shuffle(rest, random);
    }

    static String dataset(int number) {
        return "set-%02d".formatted(number);
    }

    /// One good load of each dataset.
    List<Work> first() {
        return List.copyOf(first);
    }

    /// All others.
    List<Work> rest() {
        return List.copyOf(rest);
    }

    /// Writes the files that were missing.
    void heal() throws IOException {
        for (Later file : later) {
            installation.source(file.name(), file.content());
        }
    }

    private Work good(int dataset) throws IOException {
        int size = random.nextInt(12) == 0 ? 20_000 : 400;
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> adding(dataset, size);
            case 3, 4 -> Work.good(job(dataset, file(size)).withPublish(PublishStrategy.IN_PLACE));
            case 5 -> Work.good(job(dataset, file(size))).sent(2);
            case 6 -> adding(dataset, size).sent(2);
            case 7 -> healed(dataset);
            case 8 ->
                Work.good(job(dataset, Source.version(1)))
                        // Skipped where version 1 is what is served when its turn comes.
                        .orElse(Outcome.FAILED, Outcome.SKIPPED)
                        .failingWith("VERSION_NOT_FOUND");
            default -> Work.good(job(dataset, file(size)));
        };
    }

    /// The file comes while the job is being retried; until then a newer replace may have been published.
    private Work healed(int dataset) throws IOException {
        String name = "later-" + number + ".csv";
        later.add(new Later(name, content(50)));
        Path place = installation.sources().resolve(name);
        JobMessage message = job(dataset, Source.url(place.toString())).withRetry(new Retry(PATIENT, Retry.On.ANY));
        return Work.good(message).orElse(Outcome.SUPERSEDED);
    }

    private Work adding(int dataset, int size) throws IOException {
        JobMessage message = job(dataset, file(size));
        return Work.good(
                dataset < DATASETS / 2
                        ? message.withMode(Mode.APPEND, List.of())
                        : message.withMode(Mode.UPSERT, List.of("id")));
    }

    private Work bad(int dataset, int kind) throws IOException {
        Work work = switch (kind % 9) {
            case 0 -> Work.bad(job(dataset, Source.url(missing().toString())), "SOURCE_NOT_FOUND");
            case 1 -> Work.bad(job(dataset, url(HEADER + "1,2,three,4\n5\n6,7\n")), "TOO_MANY_REJECTED");
            case 2 -> Work.bad(job(dataset, notUtf8()), "ENCODING_INVALID");
            case 3 -> Work.bad(job(dataset, url("")), "EMPTY_FILE");
            case 4 -> Work.bad(job(dataset, wrongDigest()), "SOURCE_DIGEST_MISMATCH");
            case 5 -> Work.bad(job(dataset, file(100)).withMode(Mode.UPSERT, List.of("nobody")), "KEY_COLUMN_MISSING");
            case 6 -> Work.bad(job(dataset, Source.url("/etc/hostname")), "SOURCE_FORBIDDEN");
            case 7 -> Work.bad(twice(dataset), "KEY_NOT_UNIQUE");
            default -> Work.bad(twice(dataset).withPublish(PublishStrategy.IN_PLACE), "KEY_NOT_UNIQUE");
        };
        boolean again = random.nextInt(3) == 0;
        Retry retry = new Retry(3, again ? Retry.On.ANY : Retry.On.TRANSIENT);
        Work limited =
                new Work(work.message().withRetry(retry), work.allowed(), work.codes(), 1 + random.nextInt(10) / 9);
        // While it waits for its retry a newer replace may be published.
        return again ? limited.orElse(Outcome.SUPERSEDED) : limited;
    }

    private JobMessage job(int dataset, Source source) {
        return JobMessage.replace(dataset(dataset), source)
                .withJobId("job-%03d".formatted(++number))
                // However often a worker is killed under it, that is not the job's fault.
                .withRetry(new Retry(PATIENT, Retry.On.TRANSIENT));
    }

    private JobMessage twice(int dataset) throws IOException {
        String rows = content(3_000);
        return job(
                        dataset,
                        url(rows
                                + rows.substring(HEADER.length())
                                        .lines()
                                        .findFirst()
                                        .orElseThrow() + "\n"))
                .withMode(Mode.REPLACE, List.of("id"));
    }

    private Source file(int most) throws IOException {
        return url(content(1 + random.nextInt(most)));
    }

    private String content(int rows) {
        var text = new StringBuilder(HEADER);
        int id = random.nextInt(500);
        for (int row = 0; row < rows; row++) {
            id += 1 + random.nextInt(3);
            text.append(id)
                    .append(',')
                    .append(100 + random.nextInt(900))
                    .append(",name ")
                    .append(random.nextInt(10_000));
            text.append(',').append(random.nextInt(1_000_000)).append('\n');
            if (row % 100 == 99) {
                text.append("too,short\n");
            }
        }
        return text.toString();
    }

    private Source url(String content) throws IOException {
        return Source.url(
                installation.source("file-" + number + ".csv", content).toString());
    }

    private Source notUtf8() throws IOException {
        byte[] bytes = (HEADER + "1,2,n?me,4\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        bytes[HEADER.length() + 5] = (byte) 0xE4;
        return Source.url(installation.source("file-" + number + ".csv", bytes).toString());
    }

    private Source wrongDigest() throws IOException {
        return new Source.Url(((Source.Url) file(50)).url(), "0".repeat(64), null);
    }

    private Path missing() {
        return installation.sources().resolve("missing-" + number + ".csv");
    }
}
