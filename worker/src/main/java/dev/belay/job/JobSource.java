package dev.belay.job;

import java.util.Optional;

/// Where a job's rows come from.
public sealed interface JobSource {
    /// A file to fetch.
    ///
    /// @param url    as written in the message: a path, `file:`, `http:` or `https:`; may hold secrets in its
    /// query, show [#shown()]
    /// @param sha256 the digest the file must have, if the producer knows it
    record Url(String url, Optional<Sha256> sha256) implements JobSource {
        @Override
        public String shown() {
            String bare = url.replaceFirst("(?<=://)[^/@?#]*@", "").replaceFirst("(?s)[?#].*", "");
            return bare.length() == url.length() ? Excerpt.of(bare) : Excerpt.of(bare + "?…");
        }
    }

    /// An earlier version of the same dataset, published again.
    ///
    /// @param number its version number, from 1
    record Version(int number) implements JobSource {
        @Override
        public String shown() {
            return "version " + number;
        }
    }

    /// The source as it may be shown in logs, events and terminals: without user info, query and fragment.
    String shown();
}
