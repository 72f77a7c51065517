package dev.belay.source;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.MessageConstraintException;

/// Tells by its type what went wrong on a connection. Texts of the library and the server stay out of messages; the
/// exception goes along as the cause.
final class HttpFailures {
    private HttpFailures() {}

    /// Nothing, or half an answer, within the time there is.
    static JobFailure noAnswer(HttpUrl url, HttpSettings settings, IOException cause) {
        return Failures.mayPass(
                FailureCode.HTTP_TIMEOUT,
                "%s: no whole answer after %d ms (source.http.timeout)"
                        .formatted(url.shown(), settings.timeout().toMillis()),
                cause);
    }

    /// Before the head of the response was there.
    static JobFailure ofHead(IOException failed, HttpUrl url, HttpSettings settings) {
        return switch (failed) {
            case MessageConstraintException tooLarge -> headersTooLarge(url, tooLarge);
            case SSLException tls -> ofTls(tls, url);
            case ConnectTimeoutException slow ->
                Failures.mayPass(
                        FailureCode.HTTP_CONNECT,
                        "%s: no connection after %d ms (source.http.connectTimeout)"
                                .formatted(
                                        url.shown(), settings.connectTimeout().toMillis()),
                        slow);
            case SocketTimeoutException slow -> noAnswer(url, settings, slow);
            case ClientProtocolException wrong ->
                Failures.stays(FailureCode.HTTP_PROTOCOL, url.shown() + ": the answer is not HTTP", wrong);
            default ->
                Failures.mayPass(
                        FailureCode.HTTP_CONNECT,
                        url.shown() + ": no connection, or it was closed before an answer came",
                        failed);
        };
    }

    /// While the body was read. Malformed chunks are not told from cut ones: the library has one type for both.
    ///
    /// @param length bytes that had come
    static JobFailure ofBody(IOException failed, HttpUrl url, long length) {
        return failed instanceof MessageConstraintException
                ? headersTooLarge(url, failed)
                : truncated(url, length, failed);
    }

    private static JobFailure headersTooLarge(HttpUrl url, IOException cause) {
        return Failures.stays(
                FailureCode.HTTP_HEADERS_TOO_LARGE,
                "%s: the response has more than %d headers, or one of more than %d bytes"
                        .formatted(url.shown(), PinnedClient.MAX_HEADERS, PinnedClient.MAX_HEADER_LINE),
                cause);
    }

    private static JobFailure truncated(HttpUrl url, long length, IOException cause) {
        return Failures.mayPass(
                FailureCode.HTTP_TRUNCATED,
                "%s: the body ended after %d bytes, before its announced end".formatted(url.shown(), length),
                cause);
    }

    private static JobFailure ofTls(SSLException failed, HttpUrl url) {
        boolean expired = causes(failed)
                .anyMatch(cause -> cause instanceof CertificateExpiredException
                        || (cause instanceof CertPathValidatorException path
                                && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED));
        boolean certificate = causes(failed)
                .anyMatch(
                        cause -> cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException);
        boolean cut =
                causes(failed).anyMatch(cause -> cause instanceof EOFException || cause instanceof SocketException);
        if (!certificate && cut) {
            return Failures.mayPass(
                    FailureCode.HTTP_CONNECT, url.shown() + ": the connection was closed before it was secure", failed);
        }
        String why = expired
                ? "its certificate has expired"
                : certificate
                        ? "its certificate is not issued for this host by a trusted authority"
                        : "no secure connection could be agreed on";
        return Failures.stays(FailureCode.TLS_FAILED, url.shown() + ": " + why, failed);
    }

    private static Stream<Throwable> causes(Throwable failed) {
        return Stream.iterate(failed, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
