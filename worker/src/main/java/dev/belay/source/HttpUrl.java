package dev.belay.source;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An http(s) URL that every program reads alike: RFC 3986, less what parsers are known to differ about (user info,
/// backslashes, a fragment right behind the host, escapes and non-ASCII in the host, addresses in short, octal or
/// hexadecimal form).
///
/// @param secure  https
/// @param host    a name in lower case, or an address without brackets
/// @param literal the address, when the host is one
/// @param port    1 to 65535
/// @param target  path and query as they go onto the wire; starts with `/`
record HttpUrl(boolean secure, String host, Optional<InetAddress> literal, int port, String target) {
    private static final int MAX_LENGTH = 8192;
    private static final Pattern PARTS =
            Pattern.compile("(?i)(https?)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("(?:\\[([^\\[\\]]*)\\]|([^\\[\\]:]*))(?::(.*))?");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    /// @throws JobFailure Permanent, with the code of the rule that was broken
    static HttpUrl of(String raw) throws JobFailure {
        if (raw.length() > MAX_LENGTH) {
            throw failure(
                    FailureCode.URL_INVALID, raw, "has %d characters, at most %d".formatted(raw.length(), MAX_LENGTH));
        }
        Optional<String> forbidden = forbiddenCharacter(raw);
        Matcher parts = PARTS.matcher(raw);
        if (!parts.matches()) {
            throw failure(FailureCode.URL_INVALID, raw, forbidden.orElse("is not of the form http://host/path"));
        }
        String authority = parts.group(2);
        if (forbidden.isPresent()) {
            boolean foreignHost = authority.chars().anyMatch(character -> character > 0x7e)
                    && authority.chars().noneMatch(HttpUrl::ambiguous);
            throw failure(foreignHost ? FailureCode.URL_INVALID_HOST : FailureCode.URL_INVALID, raw, forbidden.get());
        }
        if (authority.contains("@")) {
            throw failure(FailureCode.URL_USERINFO, raw, "holds a user name or password before its host");
        }
        String path = parts.group(3);
        String query = Optional.ofNullable(parts.group(4)).orElse("");
        if (parts.group(5) != null && path.isEmpty() && query.isEmpty()) {
            throw failure(FailureCode.URL_INVALID, raw, "has a fragment right behind its host");
        }
        boolean secure = parts.group(1).equalsIgnoreCase("https");
        return ofAuthority(raw, secure, authority, (path.isEmpty() ? "/" : path) + query);
    }

    /// A URL to be shown when it could not be parsed, so that nothing in it can be trusted to be no secret: without
    /// query, fragment, and everything before the last `@`.
    static String shown(String raw) {
        String bare = raw.replaceFirst("(?s)[?#].*", "");
        String withoutUser = bare.replaceFirst("(?s)^([A-Za-z][A-Za-z0-9+.-]*:/{0,2})?.*@", "$1…@");
        return Excerpt.of(bare.length() == raw.length() ? withoutUser : withoutUser + "?…");
    }

    /// The URL without its query.
    String shown() {
        int query = target.indexOf('?');
        return Excerpt.of(origin() + (query < 0 ? target : target.substring(0, query) + "?…"));
    }

    /// `http` or `https`.
    String scheme() {
        return secure ? "https" : "http";
    }

    /// The last segment of the path, decoded; empty when there is none or it is no text.
    String lastSegment() {
        String path = path();
        return Percent.decoded(path.substring(path.lastIndexOf('/') + 1)).orElse("");
    }

    /// Where a `Location` header leads from here (RFC 3986 §5.2; a fragment is dropped).
    HttpUrl redirected(String location) throws JobFailure {
        if (location.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*")) {
            String scheme = location.substring(0, location.indexOf(':')).toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw failure(
                        FailureCode.URL_SCHEME,
                        location,
                        "has the scheme %s; redirects are followed to http and https only"
                                .formatted(Excerpt.of(scheme)));
            }
            return of(location);
        }
        if (location.startsWith("//")) {
            return of(scheme() + ":" + location);
        }
        String reference = location.replaceFirst("(?s)#.*", "");
        int query = reference.indexOf('?');
        String path = query < 0 ? reference : reference.substring(0, query);
        String rest = query < 0 ? "" : reference.substring(query);
        if (path.isEmpty()) {
            return of(origin() + (query < 0 ? target : path() + rest));
        }
        String merged = path.startsWith("/") ? path : path().substring(0, path().lastIndexOf('/') + 1) + path;
        return of(origin() + withoutDotSegments(merged) + rest);
    }

    private static HttpUrl ofAuthority(String raw, boolean secure, String authority, String target) throws JobFailure {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            throw failure(FailureCode.URL_INVALID_HOST, raw, "has no host that can be understood");
        }
        int port = port(raw, secure, matcher.group(3));
        if (BROKEN_ESCAPE.matcher(target).find()) {
            throw failure(FailureCode.URL_INVALID, raw, "has a % that is not followed by two hexadecimal digits");
        }
        if (matcher.group(1) != null) {
            InetAddress address = strict(raw, HostLiteral.ofBrackets(matcher.group(1)));
            return new HttpUrl(secure, address.getHostAddress(), Optional.of(address), port, target);
        }
        String host = matcher.group(2).toLowerCase(Locale.ROOT);
        Optional<HostLiteral> literal = HostLiteral.ofHost(host);
        if (literal.isPresent()) {
            return new HttpUrl(secure, host, Optional.of(strict(raw, literal.get())), port, target);
        }
        if (host.length() > 253 || !NAME.matcher(host).matches()) {
            throw failure(
                    FailureCode.URL_INVALID_HOST,
                    raw,
                    "has the host \"%s\", which is no plain name (write international names in their xn-- form)"
                            .formatted(Excerpt.of(host)));
        }
        return new HttpUrl(secure, host, Optional.empty(), port, target);
    }

    private static int port(String raw, boolean secure, String text) throws JobFailure {
        if (text == null) {
            return secure ? 443 : 80;
        }
        if (!PORT.matcher(text).matches() || Integer.parseInt(text) > 65535) {
            throw failure(FailureCode.URL_PORT, raw, "has the port \"%s\", not 1 to 65535".formatted(Excerpt.of(text)));
        }
        return Integer.parseInt(text);
    }

    private static InetAddress strict(String raw, HostLiteral literal) throws JobFailure {
        return switch (literal) {
            case HostLiteral.Strict strict -> strict.address();
            case HostLiteral.Loose loose -> {
                Optional<String> purpose =
                        loose.meaning().map(InetAddress::getAddress).flatMap(SpecialAddresses::purposeOf);
                throw purpose.isPresent()
                        ? failure(
                                FailureCode.URL_FORBIDDEN_ADDRESS,
                                raw,
                                "has a short form of an address that jobs may not reach: " + purpose.get())
                        : failure(
                                FailureCode.URL_INVALID_HOST,
                                raw,
                                "has a host that programs read as different addresses");
            }
        };
    }

    private static Optional<String> forbiddenCharacter(String raw) {
        return raw.chars()
                .filter(character -> ambiguous(character) || character > 0x7e || "\"<>`".indexOf(character) >= 0)
                .mapToObj("contains the character U+%04X, which must be percent-encoded"::formatted)
                .findFirst();
    }

    private static boolean ambiguous(int character) {
        return character <= ' ' || character == '\\' || character == 0x7f;
    }

    private static JobFailure failure(FailureCode code, String raw, String problem) {
        return JobFailure.permanent(code, "the URL " + shown(raw) + " " + problem);
    }

    private String origin() {
        String written = literal.filter(Inet6Address.class::isInstance).isPresent() ? "[" + host + "]" : host;
        return scheme() + "://" + written + (port == (secure ? 443 : 80) ? "" : ":" + port);
    }

    private String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String withoutDotSegments(String path) {
        List<String> kept = new ArrayList<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int at = 0; at < segments.length; at++) {
            boolean dots = segments[at].equals(".") || segments[at].equals("..");
            if (segments[at].equals("..") && !kept.isEmpty()) {
                kept.removeLast();
            }
            if (!dots) {
                kept.add(segments[at]);
            } else if (at == segments.length - 1) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
