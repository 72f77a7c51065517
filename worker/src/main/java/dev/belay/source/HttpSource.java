package dev.belay.source;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.net.InetAddress;
import java.util.List;

/// Fetches a URL: attempts in place, and in each of them the redirects, every hop checked anew.
final class HttpSource {
    private final SourceSettings settings;
    private final Surroundings surroundings;
    private final AddressGuard guard;
    private final Breakers breakers;
    private final Patience patience;

    HttpSource(SourceSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.guard = new AddressGuard(settings.http(), surroundings.resolver());
        this.breakers = new Breakers(settings.http());
        this.patience = new Patience(settings.http(), surroundings);
    }

    Fetched fetch(HttpUrl url, Order order) throws JobFailure {
        return patience.patiently(() -> attempt(url, order), order.shown());
    }

    private Fetched attempt(HttpUrl first, Order order) throws JobFailure {
        HttpUrl at = first;
        HttpUrl from = first;
        int maxRedirects = settings.http().maxRedirects();
        for (int hop = 0; hop <= maxRedirects; hop++) {
            switch (exchanged(at, order, hop, from)) {
                case Exchange.Answer.Body body -> {
                    return named(body.fetched(), first, at);
                }
                case Exchange.Answer.Redirect redirect -> {
                    from = at;
                    at = next(at, redirect.location(), hop + 1);
                }
            }
        }
        throw JobFailure.permanent(
                FailureCode.HTTP_TOO_MANY_REDIRECTS,
                "%s leads to more than %d redirects, the last one at %s"
                        .formatted(first.shown(), maxRedirects, from.shown()));
    }

    private Exchange.Answer exchanged(HttpUrl url, Order order, int hop, HttpUrl from) throws JobFailure {
        try {
            return breakers.guarded(url, () -> {
                List<InetAddress> addresses = guard.vetted(url);
                return new Exchange(url, addresses, settings, surroundings).answer(order);
            });
        } catch (JobFailure failed) {
            throw hop == 0 ? failed : behindRedirect(failed, hop, from);
        }
    }

    private static HttpUrl next(HttpUrl from, String location, int hop) throws JobFailure {
        HttpUrl next;
        try {
            next = from.redirected(location);
        } catch (JobFailure failed) {
            throw behindRedirect(failed, hop, from);
        }
        if (from.secure() && !next.secure()) {
            throw JobFailure.permanent(
                    FailureCode.URL_DOWNGRADE,
                    "redirect %d leads from %s to %s, which is not encrypted"
                            .formatted(hop, from.shown(), next.shown()));
        }
        return next;
    }

    /// The failure, with the way that led to it.
    private static JobFailure behindRedirect(JobFailure failed, int hop, HttpUrl from) {
        String way = " (redirect %d, from %s)".formatted(hop, from.shown());
        Failure known = failed.failure();
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        return switch (known) {
            case Failure.Permanent stays -> Failures.stays(stays.code(), stays.message() + way, cause);
            case Failure.Transient passes -> Failures.mayPass(passes.code(), passes.message() + way, cause);
            case Failure.Configuration configuration -> failed;
            case Failure.Conflict conflict -> failed;
            case Failure.Corrupt corrupt -> failed;
            case Failure.Unknown unknown -> failed;
        };
    }

    /// The name in the URL the job gave, unless only the final one has an extension: short links lead to files.
    private static Fetched named(Fetched fetched, HttpUrl asked, HttpUrl found) {
        String plain = fileName(asked);
        String name = plain.contains(".") || !fileName(found).contains(".") ? plain : fileName(found);
        return new Fetched(
                fetched.length(),
                fetched.digest(),
                fetched.entityTag(),
                fetched.mediaType(),
                name.isEmpty() ? asked.host() : name,
                fetched.warnings());
    }

    private static String fileName(HttpUrl url) {
        String segment = url.lastSegment();
        boolean plain = segment.length() <= 255
                && segment.chars()
                        .noneMatch(character ->
                                Character.isISOControl(character) || character == '/' || character == '\\');
        return plain ? segment : "";
    }
}
