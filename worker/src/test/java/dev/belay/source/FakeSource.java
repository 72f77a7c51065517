package dev.belay.source;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobSource;
import dev.belay.job.Progress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A source in memory. Writes real workspace files, because that is what the stages after it read. Safe for many
/// threads.
public final class FakeSource implements Source {
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, Deque<JobFailure>> failures = new HashMap<>();
    private final List<String> fetched = new ArrayList<>();

    /// What `url` leads to from now on.
    public synchronized FakeSource with(String url, byte[] content) {
        contents.put(url, content.clone());
        return this;
    }

    /// The next fetch of `url` fails like this; called again, the one after it, and so on.
    public synchronized FakeSource failingNext(String url, JobFailure failure) {
        failures.computeIfAbsent(url, key -> new ArrayDeque<>()).add(failure);
        return this;
    }

    /// Every URL that was asked for, in order, failures included.
    public synchronized List<String> fetched() {
        return List.copyOf(fetched);
    }

    @Override
    public Fetched fetch(JobSource.Url source, Path target, Progress progress) throws JobFailure {
        byte[] content = next(source);
        try (Spool spool = Spool.open(Order.of(source, target, progress), Long.MAX_VALUE, content.length)) {
            spool.write(content, content.length);
            String name = source.url().substring(source.url().lastIndexOf('/') + 1);
            return new Fetched(content.length, spool.keep(), Optional.empty(), Optional.empty(), name, List.of());
        }
    }

    private synchronized byte[] next(JobSource.Url source) throws JobFailure {
        fetched.add(source.url());
        Deque<JobFailure> scripted = failures.getOrDefault(source.url(), new ArrayDeque<>());
        if (!scripted.isEmpty()) {
            throw scripted.remove();
        }
        byte[] content = contents.get(source.url());
        if (content == null) {
            throw JobFailure.permanent(FailureCode.SOURCE_NOT_FOUND, "there is no file " + source.shown());
        }
        return content;
    }
}
