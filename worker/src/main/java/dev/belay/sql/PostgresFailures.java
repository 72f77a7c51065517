package dev.belay.sql;

import dev.belay.fault.InjectedFault;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.SocketException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.postgresql.util.PSQLException;

/// Tells from SQLSTATE, never from text, what is wrong with a PostgreSQL database. The states are those of
/// appendix A of PostgreSQL's manual; those of class 08 are also what the driver gives when a connection
/// ends.
public final class PostgresFailures {
    private static final String CONNECTION_FAILURE = "08006";
    private static final String QUERY_CANCELED = "57014";

    private PostgresFailures() {}

    /// What to do about a failure before anybody hears of it.
    enum Remedy {
        /// Nothing here: it is told.
        NONE,
        /// The transaction is run again: another one was in its way.
        AGAIN,
        /// It is run again on another connection: this one remembers plans of an older schema.
        AGAIN_ELSEWHERE,
        /// It is told, and the connection is given up: it leads to a server that cannot write.
        ELSEWHERE
    }

    /// @param place of the database, for the message
    /// @throws IllegalStateException when the statement itself is wrong: a defect of ours
    public static Unavailable unavailable(SQLException failed, String place) {
        return new Unavailable(classified(failed, place), failed);
    }

    /// What a commit that failed means: when its answer is lost, nobody knows whether it was made.
    ///
    /// @throws IllegalStateException when the transaction itself was wrong: a defect of ours
    static Unavailable commitFailed(SQLException failed, String place) {
        return switch (state(failed).substring(0, 2)) {
            case "08", "57", "58", "XX" ->
                new Unavailable(
                        new Failure.Unknown(
                                FailureCode.STORE_UNAVAILABLE,
                                "%s did not say whether it has committed".formatted(place),
                                Place.NONE),
                        failed);
            default -> unavailable(failed, place);
        };
    }

    static Remedy remedy(SQLException failed) {
        return switch (state(failed)) {
            // serialization_failure, deadlock_detected
            case "40001", "40P01" -> Remedy.AGAIN;
            // "cached plan must not change result type", and a prepared statement that the server has forgotten
            case "0A000", "26000" -> Remedy.AGAIN_ELSEWHERE;
            // read_only_sql_transaction: after a fail-over this server follows another
            case "25006" -> Remedy.ELSEWHERE;
            default -> Remedy.NONE;
        };
    }

    /// What a failure means for the installation.
    ///
    /// @throws IllegalStateException when the statement itself is wrong: a defect of ours
    public static Failure classified(SQLException failed, String place) {
        String state = state(failed);
        Optional<String> distrust = distrust(failed);
        if (distrust.isPresent()) {
            return configuration(
                    FailureCode.STORE_TLS_FAILED, "no TLS connection to %s: %s".formatted(place, distrust.get()));
        }
        return switch (state) {
            // The driver's, before it has said who it is.
            case "08004" ->
                configuration(
                        FailureCode.STORE_FORBIDDEN,
                        place + " asks for a password, and none is set; or sslmode asks for TLS, and it has none");
            case "53100" -> configuration(FailureCode.DISK_FULL, "no room is left on the disk of " + place);
            case "25006" -> configuration(FailureCode.STORE_READ_ONLY, place + " takes no writes");
            case "42501" ->
                configuration(
                        FailureCode.STORE_FORBIDDEN, "a right is missing in %s: %s".formatted(place, said(failed)));
            case "3D000" -> configuration(FailureCode.STORE_FORBIDDEN, "there is no database " + place);
            case "08001" ->
                outage("%s cannot be reached: is a server there, and does it take connections?".formatted(place));
            case "53300" -> outage("%s has no connection left to give".formatted(place));
            case "55P03" -> outage("%s has kept a lock for longer than it is waited for".formatted(place));
            case "40001", "40P01" -> outage("others are always in the way in " + place);
            // idle_in_transaction_session_timeout, transaction_timeout: set by whoever runs the server
            case "25P03", "25P04" -> outage("%s has ended a transaction that took too long".formatted(place));
            case "XX001", "XX002" ->
                new Failure.Corrupt(FailureCode.STORE_CORRUPT, place + " says that its data are damaged", Place.NONE);
            default ->
                switch (state.substring(0, 2)) {
                    case "28" ->
                        configuration(
                                FailureCode.STORE_FORBIDDEN, place + " refuses the user, the password or the way in");
                    case "08", "53", "57", "58", "XX" -> outage("%s cannot be used (%s)".formatted(place, state));
                    default ->
                        throw new IllegalStateException(
                                "SQL failed in %s (%s): %s".formatted(place, state, failed.getMessage()), failed);
                };
        };
    }

    /// Why a certificate, or a key of ours, was not taken; empty for every other failure, that of a TLS connection that
    /// was cut included.
    private static Optional<String> distrust(SQLException failed) {
        boolean cut = has(failed, EOFException.class) || has(failed, SocketException.class);
        if (has(failed, CertPathBuilderException.class)) {
            return Optional.of("nobody who is trusted has signed its certificate (sslrootcert)");
        }
        if (has(failed, FileNotFoundException.class) || has(failed, NoSuchFileException.class)) {
            return Optional.of("a file that the URL names cannot be read (sslrootcert, sslcert, sslkey)");
        }
        if (has(failed, GeneralSecurityException.class) || (has(failed, SSLHandshakeException.class) && !cut)) {
            return Optional.of("its certificate, or a file that the URL names, is not valid");
        }
        for (Throwable at = failed; at != null; at = at.getCause()) {
            // The one failure of this state that the driver gives no cause: its check of the host's name.
            if (at instanceof PSQLException driver
                    && CONNECTION_FAILURE.equals(driver.getSQLState())
                    && driver.getCause() == null) {
                return Optional.of("its certificate is for another host");
            }
        }
        return Optional.empty();
    }

    private static boolean has(SQLException failed, Class<? extends Throwable> type) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    /// What a server is refused with that is older than what this program was written for.
    static Unavailable tooOld(String place, int version, int oldest) {
        return new Unavailable(
                configuration(
                        FailureCode.STORE_FORBIDDEN,
                        "%s is PostgreSQL %d, Belay needs %d or newer: upgrade the server"
                                .formatted(place, version, oldest)),
                new SQLException("server version " + version));
    }

    /// The server's own words about a right, which name nothing but what the right is for.
    private static String said(SQLException failed) {
        return failed instanceof PSQLException known && known.getServerErrorMessage() != null
                ? String.valueOf(known.getServerErrorMessage().getMessage())
                : "the server says no more";
    }

    private static Failure configuration(FailureCode code, String message) {
        return new Failure.Configuration(code, message, Place.NONE);
    }

    private static Failure outage(String message) {
        return new Failure.Transient(FailureCode.STORE_UNAVAILABLE, message, Place.NONE);
    }

    /// Five characters. The pool says that it had no connection to give, and has the reason beneath, if there
    /// is one; or that whoever waited for one was interrupted.
    private static String state(SQLException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().length() == 5) {
                return sql.getSQLState();
            }
            if (cause instanceof InterruptedException) {
                return QUERY_CANCELED;
            }
        }
        return failed instanceof SQLTransientConnectionException ? CONNECTION_FAILURE : "?????";
    }

    /// What a step of a database throws when a failure is injected there: the connection has ended.
    public static SQLException injected(InjectedFault fault) {
        return new SQLException(String.valueOf(fault.getMessage()), CONNECTION_FAILURE, fault);
    }
}
