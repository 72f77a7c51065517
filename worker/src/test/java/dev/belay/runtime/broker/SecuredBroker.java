package dev.belay.runtime.broker;

import dev.belay.kit.Certificates;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// A real broker in this JVM as one finds it in production: TLS, users with SCRAM-SHA-512 passwords, rights that have
/// to
/// be given. Its doors differ in what they ask for.
public final class SecuredBroker implements AutoCloseable {
    /// What a client meets.
    public enum Door {
        /// Neither TLS nor a user; whoever comes this way may do everything.
        OPEN("PLAINTEXT", "PLAINTEXT"),
        /// TLS and a password.
        PASSWORD("PASSWORD", "SASL_SSL"),
        /// A password without TLS.
        NO_TLS("NOTLS", "SASL_PLAINTEXT"),
        /// TLS and the client's certificate.
        MUTUAL("MUTUAL", "SSL"),
        /// TLS with a certificate for another host.
        OTHER_HOST("OTHERHOST", "SSL"),
        /// TLS with a certificate that has expired.
        EXPIRED("EXPIRED", "SSL");

        private final String listener;
        private final String protocol;

        Door(String listener, String protocol) {
            this.listener = listener;
            this.protocol = protocol;
        }
    }

    private static final String HOST = "localhost";
    private static final int PORT_ATTEMPTS = 4;

    private final Map<Door, Integer> ports = new EnumMap<>(Door.class);
    private final OneNode node;

    /// Starts it and returns when clients are answered. Between choosing its ports and binding them somebody else may
    /// take one; then it is tried again.
    ///
    /// @param folder empty
    /// @param users  names and passwords
    public static SecuredBroker start(Path folder, Certificates authority, Map<String, String> users) throws Exception {
        for (int attempt = 1; true; attempt++) {
            try {
                Path own = Files.createDirectories(folder.resolve(Integer.toString(attempt)));
                return new SecuredBroker(own, authority, users);
                // Kafka throws whatever it likes.
            } catch (Exception failed) {
                if (attempt == PORT_ATTEMPTS) {
                    throw failed;
                }
            }
        }
    }

    private SecuredBroker(Path folder, Certificates authority, Map<String, String> users) throws Exception {
        int controller = freePorts();
        Path logs = Files.createDirectories(folder.resolve("log"));
        format(logs, users);
        var properties = new NodeProperties(logs, port(Door.OPEN), controller).asProperties();
        doors(properties, controller);
        keys(properties, folder, authority);
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
        properties.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put("log.flush.interval.messages", "10000");
        node = new OneNode(KafkaConfig.fromProps(properties, false));
        boolean started = false;
        try {
            node.startup();
            started = true;
        } finally {
            if (!started) {
                node.shutdown();
            }
        }
    }

    /// `HOST:PORT` of a door.
    public String at(Door door) {
        return HOST + ":" + port(door);
    }

    private int port(Door door) {
        return ports.getOrDefault(door, 0);
    }

    /// Chooses one port for each door, and one for the controller, all held until all are known.
    private int freePorts() throws IOException {
        var held = new ArrayList<ServerSocket>();
        try {
            for (Door door : Door.values()) {
                ports.put(door, held(held));
            }
            return held(held);
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static int held(List<ServerSocket> held) throws IOException {
        var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        return socket.getLocalPort();
    }

    private static void format(Path logs, Map<String, String> users) throws Exception {
        List<String> passwords = users.entrySet().stream()
                .map(user -> "SCRAM-SHA-512=[name=%s,password=%s]".formatted(user.getKey(), user.getValue()))
                .toList();
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NodeProperties.NODE_ID)
                .setControllerListenerName(NodeProperties.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setMetadataLogDirectory(logs.toString())
                .addDirectory(logs.toString())
                .setScramArguments(passwords)
                .run();
    }

    private void doors(Properties properties, int controller) {
        String doors = ports.entrySet().stream()
                .map(door -> "%s://%s:%d".formatted(door.getKey().listener, HOST, door.getValue()))
                .collect(Collectors.joining(","));
        properties.put("listeners", doors + ",CONTROLLER://" + NodeProperties.HOST + ":" + controller);
        properties.put("advertised.listeners", doors);
        properties.put(
                "listener.security.protocol.map",
                ports.keySet().stream()
                        .map(door -> door.listener + ":" + door.protocol)
                        .collect(Collectors.joining(",", "", ",CONTROLLER:PLAINTEXT")));
        for (Door door : List.of(Door.PASSWORD, Door.NO_TLS)) {
            properties.put(
                    prefix(door) + "scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }
    }

    private static String prefix(Door door) {
        return "listener.name." + door.listener.toLowerCase(Locale.ROOT) + ".";
    }

    private static void keys(Properties properties, Path folder, Certificates authority) throws IOException {
        properties.put("ssl.keystore.type", "PEM");
        properties.put(
                "ssl.keystore.location",
                Files.writeString(
                                folder.resolve("server.pem"),
                                authority
                                        .sign("broker", HOST, NodeProperties.HOST)
                                        .both())
                        .toString());
        properties.put("ssl.truststore.type", "PEM");
        properties.put(
                "ssl.truststore.location",
                Files.writeString(folder.resolve("ca.pem"), authority.authority())
                        .toString());
        properties.put(prefix(Door.MUTUAL) + "ssl.client.auth", "required");
        own(properties, Door.OTHER_HOST, folder, authority.sign("broker", "kafka.example.org"));
        own(properties, Door.EXPIRED, folder, authority.signExpired("broker", HOST));
    }

    private static void own(Properties properties, Door door, Path folder, Certificates.Identity identity)
            throws IOException {
        properties.put(prefix(door) + "ssl.keystore.type", "PEM");
        properties.put(
                prefix(door) + "ssl.keystore.location",
                Files.writeString(folder.resolve(door.listener + ".pem"), identity.both())
                        .toString());
    }

    @Override
    public void close() {
        node.shutdown();
    }
}
