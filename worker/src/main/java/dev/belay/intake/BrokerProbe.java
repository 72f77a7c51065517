package dev.belay.intake;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.utils.Utils;

/// Looks at a broker that has not answered a client: whether its host has an address, whether something listens there,
/// whether that speaks TLS, and whether it asks for a user. The client's own time-out tells none of it. Opens one or
/// two
/// connections to the first server that can be reached and sends no secret; takes some seconds at most.
///
/// @param protocol what the client spoke
record BrokerProbe(String servers, String protocol) {
    private static final int WITHIN_MILLIS =
            Math.toIntExact(Duration.ofSeconds(3).toMillis());
    private static final int MOST_SERVERS = 3;
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final Pattern COMMA = Pattern.compile(",");

    // https://kafka.apache.org/protocol: SaslHandshake, version 1. A broker that asks for no user answers it with
    // ILLEGAL_SASL_STATE, one that does with UNSUPPORTED_SASL_MECHANISM and the names of those it supports.
    private static final short SASL_HANDSHAKE = 17;
    private static final short VERSION = 1;
    private static final short UNSUPPORTED_SASL_MECHANISM = 33;
    private static final String NO_MECHANISM = "BELAY-ASKS";

    /// What was found.
    sealed interface Seen {}

    /// No other reason than that it does not answer.
    ///
    /// @param words to follow "no answer in time"
    record Nothing(String words) implements Seen {}

    /// One side speaks TLS and the other does not.
    record OtherTls(String words) implements Seen {}

    /// It wants to know who the client is, and the client does not say.
    record AsksForUser(String words) implements Seen {}

    /// Why no client can be made at all: none of the hosts has an address.
    Optional<String> nowhere() {
        List<String> nameless = new ArrayList<>();
        for (String server : list()) {
            String host = Utils.getHost(server);
            if (host == null || hasAddress(host)) {
                return Optional.empty();
            }
            nameless.add(host);
        }
        return Optional.of("no address is known for " + String.join(", ", nameless));
    }

    private static boolean hasAddress(String host) {
        try {
            return InetAddress.getAllByName(host).length > 0;
        } catch (UnknownHostException _) {
            return false;
        }
    }

    Seen look() {
        String silent = "";
        for (String server : list()) {
            String host = Utils.getHost(server);
            Integer port = Utils.getPort(server);
            if (host == null || port == null) {
                continue;
            }
            try {
                return look(server, new InetSocketAddress(host, port));
            } catch (IOException failed) {
                silent = "; %s: %s".formatted(server, words(failed));
            }
        }
        return new Nothing(silent);
    }

    private List<String> list() {
        return Arrays.stream(COMMA.split(servers))
                .map(String::strip)
                .limit(MOST_SERVERS)
                .toList();
    }

    private static String words(IOException failed) {
        return switch (failed) {
            case java.net.ConnectException _ -> "nothing listens there";
            case UnknownHostException _ -> "the host has no address";
            case java.net.SocketTimeoutException _ -> "no connection in time";
            default -> failed.getClass().getSimpleName();
        };
    }

    /// @throws IOException when there is nobody at the address
    private Seen look(String server, InetSocketAddress address) throws IOException {
        boolean wantsTls = protocol.endsWith("SSL");
        boolean speaksTls = speaksTls(address);
        if (speaksTls != wantsTls) {
            return otherTls(server, address, speaksTls);
        }
        boolean namesUser = protocol.startsWith("SASL");
        if (namesUser) {
            return new Nothing("");
        }
        if (wantsTls) {
            return new Nothing(
                    "; %s speaks TLS: if it asks for a user, kafka.security.protocol is SASL_SSL".formatted(server));
        }
        return mechanisms(address)
                .<Seen>map(asked -> new AsksForUser(
                        "Kafka at %s asks for a user (%s): set kafka.security.protocol to SASL_PLAINTEXT, kafka.sasl.mechanism and kafka.sasl.jaas.config"
                                .formatted(server, String.join(", ", asked))))
                .orElseGet(() -> new Nothing(""));
    }

    private Seen otherTls(String server, InetSocketAddress address, boolean speaksTls) throws IOException {
        if (speaksTls) {
            return new OtherTls("%s speaks TLS, but kafka.security.protocol is %s: set SSL, or SASL_SSL with a user"
                    .formatted(server, protocol));
        }
        // Something silent is no proof of anything.
        return answersPlainly(address)
                ? new OtherTls("%s speaks no TLS, but kafka.security.protocol is %s: use its port for TLS"
                        .formatted(server, protocol))
                : new Nothing("; %s takes connections, but says nothing in TLS".formatted(server));
    }

    /// Whether a TLS server answers; what it shows is not looked at, and nothing is sent to it.
    private static boolean speaksTls(InetSocketAddress address) throws IOException {
        try (Socket plain = connected(address)) {
            var factory = SSLContext.getDefault().getSocketFactory();
            try (var tls = (SSLSocket) factory.createSocket(plain, address.getHostString(), address.getPort(), true)) {
                tls.startHandshake();
                return true;
            } catch (SSLException failed) {
                // A certificate that was not believed came from a TLS server, and so did an alert.
                return KafkaFailures.isA(failed, java.security.GeneralSecurityException.class)
                        || String.valueOf(failed.getMessage()).contains("alert");
            } catch (IOException _) {
                return false;
            }
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has TLS", never);
        }
    }

    private static boolean answersPlainly(InetSocketAddress address) throws IOException {
        return asked(address).isPresent();
    }

    /// The ways in which it asks for a user; empty when it asks for none.
    private static Optional<List<String>> mechanisms(InetSocketAddress address) throws IOException {
        return asked(address).filter(names -> !names.isEmpty());
    }

    /// The mechanisms it names; none of them when it wants none, empty when it does not answer like a broker.
    private static Optional<List<String>> asked(InetSocketAddress address) throws IOException {
        try (Socket socket = connected(address)) {
            var out = new DataOutputStream(socket.getOutputStream());
            byte[] name = NO_MECHANISM.getBytes(StandardCharsets.UTF_8);
            out.writeInt(2 + 2 + 4 + 2 + 2 + name.length);
            out.writeShort(SASL_HANDSHAKE);
            out.writeShort(VERSION);
            out.writeInt(1);
            out.writeShort(-1);
            out.writeShort(name.length);
            out.write(name);
            out.flush();
            return Optional.of(mechanisms(new DataInputStream(socket.getInputStream())));
        } catch (java.net.ConnectException nobody) {
            throw nobody;
        } catch (IOException noBroker) {
            return Optional.empty();
        }
    }

    private static List<String> mechanisms(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 10 || length > LONGEST_ANSWER || in.readInt() != 1) {
            throw new IOException("this is no answer of a broker");
        }
        boolean asks = in.readShort() == UNSUPPORTED_SASL_MECHANISM;
        int count = in.readInt();
        var names = new ArrayList<String>();
        for (int at = 0; asks && at < count && at < 20; at++) {
            byte[] name = in.readNBytes(Math.max(0, in.readShort()));
            names.add(new String(name, StandardCharsets.UTF_8).replaceAll("[^A-Z0-9-]", "?"));
        }
        return names;
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        var socket = new Socket();
        try {
            socket.setSoTimeout(WITHIN_MILLIS);
            socket.connect(address, WITHIN_MILLIS);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
