package dev.belay.source;

import static dev.belay.source.LoopbackServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates (N29) and the way back from https to http (N13), with certificates made by the JDK's keytool.
@Timeout(120)
final class HttpsTest {
    private static final String PASSWORD = "changeit";

    private final List<LoopbackServer> servers = new ArrayList<>();

    @TempDir
    Path workspace;

    @TempDir
    Path keys;

    @AfterEach
    void closeServers() throws IOException {
        for (LoopbackServer server : servers) {
            server.close();
        }
    }

    @Test
    void readsFromAServerWhoseCertificateIsTrustedForItsHost() throws Exception {
        KeyStore certificate = certificate("tls.example");
        LoopbackServer server = serving(certificate, (request, wire) -> wire.send(ok("abc")));

        Fetched fetched = fixture(server)
                .tls(trusting(certificate.getCertificate("server")))
                .fetch(url(server, "tls.example"));

        assertThat(fetched.length()).isEqualTo(3);
    }

    @Test
    void refusesASelfSignedCertificate() throws Exception {
        LoopbackServer server = serving(certificate("tls.example"), (request, wire) -> wire.send(ok("abc")));

        JobFailure failed =
                fixture(server).fails(url(server, "tls.example"), Failure.Permanent.class, FailureCode.TLS_FAILED);

        assertThat(failed.failure().message()).contains("trusted authority").doesNotContainIgnoringCase("verify");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void refusesACertificateForAnotherHost() throws Exception {
        KeyStore certificate = certificate("other.example");
        LoopbackServer server = serving(certificate, (request, wire) -> wire.send(ok("abc")));

        fixture(server)
                .tls(trusting(certificate.getCertificate("server")))
                .fails(url(server, "tls.example"), Failure.Permanent.class, FailureCode.TLS_FAILED);

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void refusesAnExpiredCertificate() throws Exception {
        // Signed by an authority, because the JDK does not look at the dates of what is trusted itself.
        keytool("-genkeypair", "-alias", "authority", "-keyalg", "EC", "-dname", "CN=authority", "-ext", "bc:c");
        keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=tls.example");
        keytool("-certreq", "-alias", "server", "-file", keys.resolve("request").toString());
        keytool(
                "-gencert",
                "-alias",
                "authority",
                "-infile",
                keys.resolve("request").toString(),
                "-outfile",
                keys.resolve("signed").toString(),
                "-ext",
                "SAN=dns:tls.example",
                "-startdate",
                "-10d",
                "-validity",
                "5");
        keytool(
                "-importcert",
                "-alias",
                "server",
                "-file",
                keys.resolve("signed").toString(),
                "-noprompt");
        KeyStore store = store();
        LoopbackServer server = serving(store, (request, wire) -> wire.send(ok("abc")));

        JobFailure failed = fixture(server)
                .tls(trusting(store.getCertificate("authority")))
                .fails(url(server, "tls.example"), Failure.Permanent.class, FailureCode.TLS_FAILED);

        assertThat(failed.failure().message()).contains("expired");
    }

    @Test
    void callsAConnectionThatIsCutInTheHandshakeTransient() throws Exception {
        try (var listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofPlatform().daemon().start(() -> acceptAndClose(listener));

            new Fixture(workspace)
                    .resolver(Fixture.always("127.0.0.1"))
                    .http(http -> Fixture.with(http, Set.of(listener.getLocalPort())))
                    .fails(
                            "https://tls.example:" + listener.getLocalPort() + "/",
                            Failure.Transient.class,
                            FailureCode.HTTP_CONNECT);
        }
    }

    @Test
    void refusesARedirectFromHttpsToHttp() throws Exception {
        KeyStore certificate = certificate("tls.example");
        LoopbackServer server = serving(
                certificate,
                (request, wire) -> wire.send(
                        "HTTP/1.1 301 X\r\nContent-Length: 0\r\nLocation: http://tls.example/x.csv?secret\r\n\r\n"));

        JobFailure failed = fixture(server)
                .tls(trusting(certificate.getCertificate("server")))
                .fails(url(server, "tls.example"), Failure.Permanent.class, FailureCode.URL_DOWNGRADE);

        assertThat(failed.failure().message()).contains("https://tls.example", "http://tls.example/x.csv?…");
    }

    private static String url(LoopbackServer server, String host) {
        return "https://" + host + ":" + server.port() + "/x.csv?token=secret";
    }

    private Fixture fixture(LoopbackServer server) {
        return new Fixture(workspace).server(server).resolver(Fixture.always("127.0.0.1"));
    }

    private LoopbackServer serving(KeyStore certificate, LoopbackServer.Script script) throws GeneralSecurityException {
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(certificate, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        ServerSocketFactory sockets = context.getServerSocketFactory();
        LoopbackServer server = LoopbackServer.on("127.0.0.1", 0, sockets, script);
        servers.add(server);
        return server;
    }

    private static SSLContext trusting(Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("trusted", certificate);
        var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers.getTrustManagers(), null);
        return context;
    }

    private static void acceptAndClose(ServerSocket listener) {
        try {
            listener.accept().close();
        } catch (IOException over) {
            // The test has ended.
        }
    }

    /// A self-signed certificate, alias `server`.
    private KeyStore certificate(String host) throws IOException, InterruptedException, GeneralSecurityException {
        keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=" + host, "-ext", "SAN=dns:" + host);
        return store();
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve("keys.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"));
        command.add(keys.resolve("keys.p12").toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = process.inputReader().readAllAsString();
        assertThat(process.waitFor()).as(said).isZero();
    }
}
