package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.docs.Repository;
import dev.belay.drill.Program;
import dev.belay.drill.WorkerProcess;
import dev.belay.job.FailureCode;
import dev.belay.kit.Certificates;
import dev.belay.runtime.broker.SecuredBroker;
import dev.belay.runtime.broker.SecuredBroker.Door;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a broker with TLS, passwords and rights: everything of a worker works with the least of them, and what is
/// wrong is said with a code and the next step.
@TestInstance(Lifecycle.PER_CLASS)
final class SecuredKafkaTest {
    private static final String PASSWORD = "canary-5c1f;/+";

    private static final Pattern OPERATION = Pattern.compile("--operation (\\w+)");
    private static final Pattern RESOURCE = Pattern.compile("--(topic|group|transactional-id) (\\S+)");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// Mistakes that a client only notices because nobody answers; there is no use in waiting long.
    private static final Set<String> NO_ANSWER = Set.of(
            "plain against TLS",
            "TLS against plain",
            "nobody against password",
            "nobody against TLS and password",
            "nothing listens");

    @TempDir
    private static Path scratch = Path.of("");

    private final Certificates authority = new Certificates("Belay's test authority");
    private @Nullable SecuredBroker broker;

    @BeforeAll
    void startsTheBroker() throws Exception {
        var users = Map.of("belay", PASSWORD, "stranger", "strange", "mute", "mute");
        broker = SecuredBroker.start(Files.createDirectories(scratch.resolve("broker")), authority, users);
        Files.writeString(scratch.resolve("ca.pem"), authority.authority());
        Files.writeString(scratch.resolve("other-ca.pem"), new Certificates("Another authority").authority());
        Files.writeString(
                scratch.resolve("client.pem"), authority.sign("operator").both());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at(Door.OPEN)))) {
            admin.createAcls(documented("belay", "User:belay")).all().get();
            admin.createAcls(List.of(
                            right("User:mute", ResourceType.TOPIC, "belay.", AclOperation.READ),
                            right("User:mute", ResourceType.TOPIC, "belay.jobs", AclOperation.WRITE)))
                    .all()
                    .get();
            admin.createAcls(documented("operator", "User:CN=operator")).all().get();
        }
        assertThat(belay("topics", "create", operator()).code()).isZero();
    }

    @AfterAll
    void stopsTheBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    /// The rights that docs/operations.md lists for a user, given to another.
    private static List<AclBinding> documented(String listed, String user) {
        var rights = new ArrayList<AclBinding>();
        for (String line : Repository.lines("docs/operations.md")) {
            if (line.startsWith("kafka-acls.sh") && line.contains(" --allow-principal User:" + listed + " ")) {
                Matcher resource = RESOURCE.matcher(line);
                assertThat(resource.find()).as(line).isTrue();
                ResourceType type = ResourceType.fromString(resource.group(1).replace('-', '_'));
                OPERATION
                        .matcher(line)
                        .results()
                        .map(found -> AclOperation.fromString(found.group(1).replaceAll("(?<=[a-z])(?=[A-Z])", "_")))
                        .forEach(operation -> rights.add(right(user, type, resource.group(2), operation)));
            }
        }
        assertThat(rights).isNotEmpty().noneMatch(AclBinding::isUnknown);
        return rights;
    }

    private static AclBinding right(String user, ResourceType type, String prefix, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, prefix, PatternType.PREFIXED),
                new AccessControlEntry(user, "*", operation, AclPermissionType.ALLOW));
    }

    @Test
    void loadsOverTlsWithAPasswordAndTheLeastRightsAndSaysThePasswordNowhere() throws Exception {
        Path source = Files.writeString(scratch.resolve("stations.csv"), "id,name\n1,one\n2,two\n");
        var settings = secured("belay", PASSWORD);
        settings.put("source.roots", scratch.toString());
        settings.put("log.level", "debug");
        try (WorkerProcess worker = started(settings, "loads.log", "worker", "--until-stdin-ends")) {
            worker.ready();

            Transcript loaded =
                    belay("submit", settings, source.toString(), "--dataset", "stations", "--wait", "--json");

            assertThat(loaded.json().path("outcome").asString())
                    .as(loaded.err())
                    .isEqualTo("completed");
            assertThat(loaded.json().path("rows").asInt()).isEqualTo(2);
            assertThat(loaded.out() + loaded.err() + worker.said())
                    .contains("takes jobs from")
                    .doesNotContain("canary-5c1f");
        }
        assertThat(belay("config", settings).out())
                .doesNotContain("canary-5c1f")
                .contains("********");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "wrong password | BROKER_FORBIDDEN | refuses the user or the password",
                "unknown user | BROKER_FORBIDDEN | refuses the user or the password",
                "other mechanism | BROKER_FORBIDDEN | SCRAM-SHA-512",
                "foreign authority | BROKER_TLS_FAILED | nobody who is trusted has signed",
                "JDK's authorities | BROKER_TLS_FAILED | nobody who is trusted has signed",
                "other host | BROKER_TLS_FAILED | is not for this host",
                "expired | BROKER_TLS_FAILED | is not valid at this time",
                "no client certificate | BROKER_TLS_FAILED | no TLS connection",
                "plain against TLS | BROKER_TLS_FAILED | speaks TLS, but kafka.security.protocol is PLAINTEXT",
                "TLS against plain | BROKER_TLS_FAILED | speaks no TLS, but kafka.security.protocol is SASL_SSL",
                "nobody against password | BROKER_FORBIDDEN | asks for a user (SCRAM-SHA-512)",
                "nobody against TLS and password | BROKER_UNREACHABLE | if it asks for a user",
                "no such file | SETTINGS_INVALID | ca-missing.pem",
                "no such protocol | SETTINGS_INVALID | security.protocol",
                "nothing listens | BROKER_UNREACHABLE | nothing listens there",
                "no such host | BROKER_UNREACHABLE | no address is known for nowhere.invalid",
            })
    void saysWhatIsWrongAndWhatToDo(String what, String code, String words) {
        Transcript refused = belay("topics", "check", mistaken(what));

        assertThat(refused.code()).isEqualTo(code.equals("SETTINGS_INVALID") ? ExitCode.USAGE : ExitCode.UNREACHABLE);
        assertThat(refused.err())
                .contains("error " + code, words, FailureCode.valueOf(code).advice())
                .doesNotContain("\tat ", "canary-5c1f", "strange");
    }

    private Map<String, String> mistaken(String what) {
        var settings = secured("belay", PASSWORD);
        String protocol = "kafka.security.protocol";
        switch (what) {
            case "wrong password" -> settings.putAll(login("belay", "strange"));
            case "unknown user" -> settings.putAll(login("nobody", PASSWORD));
            case "other mechanism" -> settings.put("kafka.sasl.mechanism", "SCRAM-SHA-256");
            case "foreign authority" -> settings.put("kafka.ssl.truststore.location", file("other-ca.pem"));
            case "JDK's authorities" -> settings.keySet().removeIf(key -> key.startsWith("kafka.ssl.truststore"));
            case "other host" -> settings.putAll(through(Door.OTHER_HOST, "SSL"));
            case "expired" -> settings.putAll(through(Door.EXPIRED, "SSL"));
            case "no client certificate" -> settings.putAll(through(Door.MUTUAL, "SSL"));
            case "plain against TLS" -> settings.putAll(through(Door.PASSWORD, "PLAINTEXT"));
            case "TLS against plain" -> settings.putAll(through(Door.OPEN, "SASL_SSL"));
            case "nobody against password" -> settings.putAll(through(Door.NO_TLS, "PLAINTEXT"));
            case "nobody against TLS and password" -> settings.putAll(through(Door.PASSWORD, "SSL"));
            case "no such file" -> settings.put("kafka.ssl.truststore.location", file("ca-missing.pem"));
            case "no such protocol" -> settings.put(protocol, "TLS");
            case "nothing listens" -> settings.put("kafka.bootstrap.servers", "localhost:1");
            case "no such host" -> settings.put("kafka.bootstrap.servers", "nowhere.invalid:9093");
            default -> throw new IllegalArgumentException(what);
        }
        if (NO_ANSWER.contains(what)) {
            settings.put("kafka.admin.default.api.timeout.ms", "1000");
            settings.put("kafka.admin.request.timeout.ms", "1000");
        }
        return settings;
    }

    @Test
    void takesAClientsCertificateForItsUser() {
        Transcript checked = belay("topics", "check", operator());

        assertThat(checked.err()).isEmpty();
        assertThat(checked.code()).isZero();
    }

    @Test
    void namesEveryRightThatAWorkerLacksAtItsStart() {
        Transcript stranger = belay("worker", secured("stranger", "strange"));
        Transcript mute = belay("worker", secured("mute", "mute"));

        assertThat(stranger.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(stranger.err())
                .contains("BROKER_FORBIDDEN", "READ on topic belay.jobs", "WRITE on topic belay.events")
                .contains("READ on group belay", "WRITE on topic belay.jobs.dlq", "docs/operations.md");
        assertThat(mute.err())
                .contains("BROKER_FORBIDDEN", "READ on group belay", "WRITE on topic belay.events")
                .doesNotContain("READ on topic");
    }

    @Test
    void saysThatTransactionsAreNotAllowed() throws Exception {
        String user = "User:quiet";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", at(Door.OPEN)))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "quiet", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "quiet")))
                    .all()
                    .get();
            var rights = new ArrayList<>(documented("belay", user));
            rights.removeLast();
            admin.createAcls(rights).all().get();
        }

        Transcript quiet = belay("worker", secured("quiet", "quiet"));

        assertThat(quiet.err()).contains("BROKER_FORBIDDEN", "transactions under its id", "docs/operations.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "submit"})
    void endsInALineAndNoStackTrace(String command) throws Exception {
        var settings = secured("belay", "strange");
        settings.put("log.level", "info");
        String[] words = command.equals("worker")
                ? new String[] {"worker", "--until-stdin-ends"}
                : new String[] {"submit", "/srv/a.csv", "--dataset", "a"};
        try (WorkerProcess process = started(settings, command + ".log", words)) {
            assertThat(process.exit(PATIENCE)).isEqualTo(ExitCode.UNREACHABLE);

            assertThat(process.said())
                    .contains("error BROKER_FORBIDDEN: Kafka at " + at(Door.PASSWORD))
                    .doesNotContain("Exception", "\tat ", "strange");
        }
    }

    private static WorkerProcess started(Map<String, String> settings, String log, String... words) throws IOException {
        return WorkerProcess.start(
                Program.ofThisJvm(System.getProperties(), List.of()), arguments(settings, words), scratch.resolve(log));
    }

    private String at(Door door) {
        return Objects.requireNonNull(broker).at(door);
    }

    private static String file(String name) {
        return scratch.resolve(name).toString();
    }

    /// Who makes the topics, known by a certificate.
    private Map<String, String> operator() {
        var settings = through(Door.MUTUAL, "SSL");
        settings.put("kafka.ssl.truststore.type", "PEM");
        settings.put("kafka.ssl.truststore.location", file("ca.pem"));
        settings.put("kafka.ssl.keystore.type", "PEM");
        settings.put("kafka.ssl.keystore.location", file("client.pem"));
        return settings;
    }

    private Map<String, String> through(Door door, String protocol) {
        var settings = new TreeMap<String, String>();
        settings.put("data", file("data"));
        settings.put("topics.partitions", "1");
        settings.put("retry.delays", "1s");
        settings.put("kafka.bootstrap.servers", at(door));
        settings.put("kafka.security.protocol", protocol);
        return settings;
    }

    /// Through the door of production, with the password in a file of its own.
    private Map<String, String> secured(String user, String password) {
        var settings = through(Door.PASSWORD, "SASL_SSL");
        settings.put("log.level", "error");
        settings.put("kafka.ssl.truststore.type", "PEM");
        settings.put("kafka.ssl.truststore.location", file("ca.pem"));
        settings.put("kafka.sasl.mechanism", "SCRAM-SHA-512");
        settings.putAll(login(user, password));
        return settings;
    }

    private static Map<String, String> login(String user, String password) {
        Path file = scratch.resolve("jaas-" + user + "-" + Integer.toHexString(password.hashCode()));
        try {
            Files.writeString(file, """
                    org.apache.kafka.common.security.scram.ScramLoginModule required
                      username="%s" password="%s";
                    """.formatted(user, password));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return Map.of("kafka.sasl.jaas.config.file", file.toString());
    }

    private static Transcript belay(String command, Map<String, String> settings, String... more) {
        return Transcript.plain(arguments(
                        settings,
                        Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new))
                .toArray(String[]::new));
    }

    private static Transcript belay(String group, String command, Map<String, String> settings) {
        return Transcript.plain(arguments(settings, group, command).toArray(String[]::new));
    }

    private static List<String> arguments(Map<String, String> settings, String... words) {
        var arguments = new ArrayList<>(List.of(words));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return arguments;
    }
}
