package dev.belay.sql;

import java.util.regex.Pattern;
import org.postgresql.Driver;

/// Where a PostgreSQL database is and as whom it is used.
///
/// @param url      `jdbc:postgresql://HOST:PORT/DATABASE`, with parameters of the driver (TLS) but no user,
/// password or schema
/// @param user     the role
/// @param password empty where the server asks for none; never shown
public record PostgresAddress(String url, String user, String password) {
    private static final String SCHEME = "jdbc:postgresql://";
    private static final Pattern CREDENTIALS = Pattern.compile("[?&](user|password)=|//[^/]*@");
    private static final Pattern SCHEMA = Pattern.compile("[?&]currentSchema=");

    /// @throws IllegalArgumentException when the URL is not one of PostgreSQL, or has user, password or
    /// schema in it, or a port or an escape that is none
    public PostgresAddress {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("a PostgreSQL database is at a URL that begins with " + SCHEME);
        }
        if (CREDENTIALS.matcher(url).find()) {
            throw new IllegalArgumentException("user and password do not stand in the URL of a database");
        }
        if (Driver.parseURL(url, null) == null) {
            throw new IllegalArgumentException("the driver cannot read the URL of a database");
        }
        if (SCHEMA.matcher(url).find()) {
            // The driver would take it for the schema of all connections, whatever it is told beside the URL.
            throw new IllegalArgumentException("the schema does not stand in the URL of a database");
        }
    }

    /// Host, port and database, for messages.
    public String place() {
        int query = url.indexOf('?');
        return query < 0 ? url.substring("jdbc:".length()) : url.substring("jdbc:".length(), query);
    }

    /// Whether it names several servers, of which one takes writes.
    boolean hasSeveralHosts() {
        return place().indexOf(',') >= 0;
    }

    @Override
    public String toString() {
        return user + " at " + place();
    }
}
