package dev.belay.source;

import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.Progress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Fetches local files from the configured roots, and http(s) URLs from hosts that are not special.
public final class GuardedSource implements Source {
    private final FileSource files;
    private final HttpSource web;

    /// @param clock  for dates in `Retry-After`
    /// @param random spreads retries; must be safe for many threads
    public GuardedSource(SourceSettings settings, InstantSource clock, RandomGenerator random) {
        this(settings, Surroundings.real(clock, random));
    }

    GuardedSource(SourceSettings settings, Surroundings surroundings) {
        this.files = new FileSource(new Enclosure(settings.roots(), settings.forbidden()), settings.maxBytes());
        this.web = new HttpSource(settings, surroundings);
    }

    @Override
    public Fetched fetch(JobSource.Url source, Path target, Progress progress) throws JobFailure {
        return switch (Location.of(source.url(), HttpUrl.shown(source.url()))) {
            case Location.LocalFile file -> files.fetch(file.path(), Order.of(source, target, progress));
            case Location.Web page -> web.fetch(page.url(), Order.of(source, target, progress));
        };
    }
}
