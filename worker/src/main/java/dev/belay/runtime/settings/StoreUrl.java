package dev.belay.runtime.settings;

import dev.belay.sql.PostgresAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a store is, as people write it: `sqlite:FOLDER`, or `postgresql://USER@HOST:PORT/DATABASE` as PostgreSQL's own
/// programs take it, with `jdbc:` before it or not.
sealed interface StoreUrl {
    /// As it could be written.
    String text();

    /// A folder, as it was written.
    record Folder(Path path) implements StoreUrl {
        private static final String SCHEME = "sqlite:";

        @Override
        public String text() {
            return SCHEME + path;
        }
    }

    /// A database, without the password.
    ///
    /// @param jdbc `jdbc:postgresql://HOST:PORT/DATABASE?PARAMETERS`, without user
    record Server(String jdbc, String user, String text) implements StoreUrl {
        private static final Pattern ANYTHING = Pattern.compile(".+");
        private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

        /// What can be said about the way to a server in its URL; all else is Belay's own business.
        ///
        /// A server that follows another one may be late: what was decided by it would be decided wrongly.
        private static final Map<String, Pattern> PARAMETERS = Map.ofEntries(
                Map.entry("sslmode", Pattern.compile("disable|allow|prefer|require|verify-ca|verify-full")),
                Map.entry("sslrootcert", ANYTHING),
                Map.entry("sslcert", ANYTHING),
                Map.entry("sslkey", ANYTHING),
                Map.entry("sslnegotiation", Pattern.compile("postgres|direct")),
                Map.entry("channelBinding", Pattern.compile("disable|prefer|require")),
                Map.entry("gssEncMode", Pattern.compile("disable|allow|prefer|require")),
                Map.entry("targetServerType", Pattern.compile("primary")),
                Map.entry("loadBalanceHosts", Pattern.compile("true|false")),
                Map.entry("hostRecheckSeconds", SECONDS),
                Map.entry("connectTimeout", SECONDS));

        private static final String NO_PASSWORD =
                "a password does not stand in a URL: set it as %s, best in the environment";

        private static final Map<String, String> ELSEWHERE = Map.of(
                "password", NO_PASSWORD,
                "sslpassword", "a password does not stand in a URL: keep the key without one, readable by Belay only",
                "user", "write the role before the host: postgresql://ROLE@HOST/DATABASE",
                "currentschema", "the schemas have fixed names: see docs/postgresql.md");

        private static final Pattern SHAPE =
                Pattern.compile("(?:jdbc:)?postgres(?:ql)?://(?:([^@/?]*)@)?([^/?@]+)/([^/?]+)(?:\\?(.*))?");
        private static final Pattern HOSTS = Pattern.compile(
                "(?:\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?(?:,(?:\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?){0,9}");

        /// @param passwordKey the setting that takes the password
        private static Server read(String url, String passwordKey) throws BadValue {
            Matcher parts = SHAPE.matcher(url);
            if (!parts.matches()) {
                throw new BadValue("must be postgresql://ROLE@HOST:PORT/DATABASE");
            }
            String user = parts.group(1);
            if (user == null || user.isEmpty()) {
                throw new BadValue("names no role: postgresql://ROLE@HOST:PORT/DATABASE");
            }
            if (user.contains(":")) {
                throw new BadValue(NO_PASSWORD.formatted(passwordKey));
            }
            if (!HOSTS.matcher(parts.group(2)).matches()) {
                throw new BadValue("names no host: postgresql://ROLE@HOST:PORT/DATABASE");
            }
            String query = parts.group(4) == null || parts.group(4).isEmpty() ? "" : "?" + parts.group(4);
            for (String parameter :
                    query.isEmpty() ? new String[0] : query.substring(1).split("&", -1)) {
                refuse(parameter, passwordKey);
            }
            String place = "postgresql://" + parts.group(2) + "/" + parts.group(3) + query;
            refuseUnreadable(parts.group(3));
            try {
                return new Server(
                        new PostgresAddress("jdbc:" + place, decoded(user), "").url(),
                        decoded(user),
                        place.replace("://", "://" + user + "@"));
            } catch (IllegalArgumentException unreadable) {
                throw new BadValue("cannot be read: look at its port and at every % in it");
            }
        }

        private static void refuse(String written, String passwordKey) throws BadValue {
            int end = written.indexOf('=');
            String parameter = end < 0 ? written : written.substring(0, end);
            String other = ELSEWHERE.get(parameter.toLowerCase(Locale.ROOT));
            if (other != null) {
                throw new BadValue(other.formatted(passwordKey));
            }
            Pattern values = PARAMETERS.get(parameter);
            if (values == null) {
                throw new BadValue("has the parameter %s, which cannot be set; those that can are %s"
                        .formatted(
                                parameter, PARAMETERS.keySet().stream().sorted().toList()));
            }
            if (!values.matcher(written.substring(Math.min(end + 1, written.length())))
                    .matches()) {
                throw new BadValue("has the parameter %s with another value than %s"
                        .formatted(parameter, values.pattern().replace("|", ", ")));
            }
        }

        private static void refuseUnreadable(String database) throws BadValue {
            try {
                var _ = new URI("postgresql", "host", "/" + database, null);
                decoded(database);
            } catch (URISyntaxException unreadable) {
                throw new BadValue("names no database: postgresql://ROLE@HOST:PORT/DATABASE");
            }
        }

        private static String decoded(String part) throws BadValue {
            try {
                // Not a form: a plus sign is one.
                return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException broken) {
                throw new BadValue("has a % that is not followed by two hexadecimal digits");
            }
        }
    }

    /// @param passwordKey the setting that takes the password, if there is a server
    static StoreUrl read(String url, String passwordKey) throws BadValue {
        if (url.startsWith("postgres") || url.startsWith("jdbc:postgres")) {
            return Server.read(url, passwordKey);
        }
        if (!url.startsWith(Folder.SCHEME)) {
            throw new BadValue("must be sqlite:FOLDER or postgresql://ROLE@HOST:PORT/DATABASE");
        }
        String folder = url.substring(Folder.SCHEME.length());
        if (folder.startsWith("//") || folder.contains("?")) {
            throw new BadValue("must be sqlite: and the path of a folder, without // and ?");
        }
        if (folder.isEmpty()) {
            throw new BadValue("has no path");
        }
        try {
            return new Folder(Path.of(folder));
        } catch (InvalidPathException noPath) {
            throw new BadValue("is not a path");
        }
    }
}
