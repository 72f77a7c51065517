package dev.belay.drill;

import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.PublishStrategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// All jobs, a third of them bad, made from a seed, the files with them.
///
/// Of four datasets two are appended to and two upserted into (both at once would make keys ambiguous); two are now and
/// then replaced in place. All are replaced beside.
final class Load {
    private static final int PATIENT = 100;
    private static final int USUAL_ROWS = 400;
    private static final int MANY_ROWS = 10_000;
    private static final int ONE_IN_SO_MANY_IS_LARGE = 20;
    private static final int ONE_IN_SO_MANY_IS_CONTRADICTED = 20;
    private static final int A_COPY_COMES_WITHIN = 40;

    private final Path sources;
    private final SplittableRandom random;
    private final int datasets;
    private final List<Work> first = new ArrayList<>();
    private final List<Sending> rest = new ArrayList<>();
    private final Map<String, Work> works = new LinkedHashMap<>();
    // Content of files that are not there when their job comes first, by job.
    private final Map<String, String> late = new LinkedHashMap<>();
    private int number;

    /// Writes the files.
    Load(DrillPlan plan, Path sources) throws IOException {
        this.sources = sources;
        random = new SplittableRandom(plan.seed());
        datasets = plan.datasets();
        for (int dataset = 0; dataset < datasets; dataset++) {
            number++;
            Work work = Work.good(job(dataset, file(content(USUAL_ROWS))));
            first.add(work);
            works.put(work.id(), work);
        }
        var others = new ArrayList<Work>();
        for (int bad = 0; bad < plan.jobs() / 3 && works.size() + others.size() < plan.jobs(); bad++) {
            others.add(bad(random.nextInt(datasets), bad));
        }
        while (works.size() + others.size() < plan.jobs()) {
            others.add(contradicted(good(random.nextInt(datasets))));
        }
        Collections.shuffle(others, random);
        others.forEach(work -> works.put(work.id(), work));
        arrange(others);
    }

    /// Copies and contradictions come some messages later than what they repeat.
    private void arrange(List<Work> others) {
        others.forEach(work -> rest.add(new Sending(work, work.message())));
        for (Work work : others) {
            for (int copy = 1; copy < work.copies(); copy++) {
                later(new Sending(work, work.message()));
            }
            work.conflict().ifPresent(other -> later(new Sending(work, other)));
        }
    }

    private void later(Sending again) {
        int at = 0;
        while (!rest.get(at).work().id().equals(again.work().id())) {
            at++;
        }
        rest.add(Math.min(rest.size(), at + 1 + random.nextInt(A_COPY_COMES_WITHIN)), again);
    }

    static String dataset(int number) {
        return "set-%02d".formatted(number);
    }

    /// Whether readers may find nothing there for a while.
    static boolean isInPlace(String dataset) {
        return Integer.parseInt(dataset.substring("set-".length())) % 2 == 1;
    }

    private static boolean isAppendedTo(int dataset) {
        return dataset % 4 < 2;
    }

    /// One good load of each dataset.
    List<Work> first() {
        return List.copyOf(first);
    }

    /// All other messages, in order.
    List<Sending> rest() {
        return List.copyOf(rest);
    }

    /// All jobs by id.
    Map<String, Work> works() {
        return Collections.unmodifiableMap(works);
    }

    /// Writes the file of this job if it was missing. Safe for many threads.
    void heal(Work work) throws IOException {
        String content = late.get(work.id());
        if (content != null && work.message().source() instanceof Source.Url missing) {
            Path place = Path.of(missing.url());
            if (!Files.exists(place)) {
                // Renamed into place: a worker may be looking for it just now.
                Path beside = Files.writeString(place.resolveSibling(place.getFileName() + ".part"), content);
                Files.move(beside, place, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Work good(int dataset) throws IOException {
        number++;
        int size = random.nextInt(ONE_IN_SO_MANY_IS_LARGE) == 0 ? MANY_ROWS : USUAL_ROWS;
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> adding(dataset, size);
            case 3, 4 ->
                Work.good(
                        dataset % 2 == 1
                                ? job(dataset, file(content(size))).withPublish(PublishStrategy.IN_PLACE)
                                : job(dataset, file(content(size))));
            case 5 -> Work.good(job(dataset, file(content(size)))).sent(2);
            case 6 -> adding(dataset, size).sent(2);
            case 7 -> healed(dataset);
            case 8 ->
                Work.good(job(dataset, Source.version(1)))
                        // Skipped where version 1 is what is served when its turn comes.
                        .orElse(Outcome.FAILED, Outcome.SKIPPED)
                        .failingWith("VERSION_NOT_FOUND");
            default -> Work.good(job(dataset, file(content(size))));
        };
    }

    /// The file comes while the job is being retried; until then a newer replace may have been published.
    private Work healed(int dataset) {
        late.put(id(), Content.of(id(), 50, random));
        Path place = sources.resolve(id() + ".csv");
        JobMessage message = job(dataset, Source.url(place.toString())).withRetry(new Retry(PATIENT, Retry.On.ANY));
        return Work.good(message).orElse(Outcome.SUPERSEDED);
    }

    private Work adding(int dataset, int size) throws IOException {
        JobMessage message = job(dataset, file(content(size)));
        return Work.good(
                isAppendedTo(dataset)
                        ? message.withMode(Mode.APPEND, List.of())
                        : message.withMode(Mode.UPSERT, List.of("id")));
    }

    private Work contradicted(Work work) {
        if (random.nextInt(ONE_IN_SO_MANY_IS_CONTRADICTED) != 0) {
            return work;
        }
        Path never = sources.resolve("contradiction-" + work.id() + ".csv");
        return work.contradictedBy(JobMessage.replace(work.message().dataset(), Source.url(never.toString()))
                .withJobId(work.id()));
    }

    private Work bad(int dataset, int kind) throws IOException {
        number++;
        Work work = switch (kind % 9) {
            case 0 -> Work.bad(job(dataset, missing()), "SOURCE_NOT_FOUND");
            case 1 -> Work.bad(job(dataset, file(Content.rejected(id()))), "TOO_MANY_REJECTED");
            case 2 -> Work.bad(job(dataset, file(Content.notUtf8(id()))), "ENCODING_AMBIGUOUS");
            case 3 -> Work.bad(job(dataset, file("")), "EMPTY_FILE");
            case 4 -> Work.bad(job(dataset, wrongDigest()), "SOURCE_DIGEST_MISMATCH");
            case 5 ->
                Work.bad(
                        job(dataset, file(content(100))).withMode(Mode.UPSERT, List.of("nobody")),
                        "KEY_COLUMN_MISSING");
            case 6 -> Work.bad(job(dataset, Source.url("/etc/hostname")), "SOURCE_FORBIDDEN");
            case 7 -> Work.bad(twice(dataset), "KEY_NOT_UNIQUE");
            default ->
                Work.bad(
                        dataset % 2 == 1 ? twice(dataset).withPublish(PublishStrategy.IN_PLACE) : twice(dataset),
                        "KEY_NOT_UNIQUE");
        };
        boolean again = random.nextInt(3) == 0;
        Retry retry = new Retry(3, again ? Retry.On.ANY : Retry.On.TRANSIENT);
        Work limited = new Work(
                work.message().withRetry(retry),
                work.allowed(),
                work.codes(),
                1 + random.nextInt(10) / 9,
                work.conflict());
        // While it waits for its retry a newer replace may be published.
        return again ? limited.orElse(Outcome.SUPERSEDED) : limited;
    }

    private JobMessage job(int dataset, Source source) {
        return JobMessage.replace(dataset(dataset), source)
                .withJobId(id())
                // However often a worker is killed under it, that is not the job's fault.
                .withRetry(new Retry(PATIENT, Retry.On.TRANSIENT));
    }

    private JobMessage twice(int dataset) throws IOException {
        return job(dataset, file(Content.withOneTwice(content(3_000)))).withMode(Mode.REPLACE, List.of("id"));
    }

    private String content(int most) {
        return Content.of(id(), 1 + random.nextInt(most), random);
    }

    private Source file(String content) throws IOException {
        return file(content.getBytes(StandardCharsets.UTF_8));
    }

    private Source file(byte[] content) throws IOException {
        return Source.url(Files.write(sources.resolve(id() + ".csv"), content).toString());
    }

    private Source wrongDigest() throws IOException {
        Path file = Files.writeString(sources.resolve(id() + ".csv"), content(50));
        return new Source.Url(file.toString(), "0".repeat(64), null);
    }

    private Source missing() {
        return Source.url(sources.resolve("missing-" + id() + ".csv").toString());
    }

    private String id() {
        return "job-%05d".formatted(number);
    }
}
