package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.intake.TopicAdmin;
import dev.belay.runtime.settings.EffectiveSettings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import dev.belay.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Docker is not needed: what can be known of the file without running it.
class ComposeFileTest {
    private static final String TEXT = Repository.text(Repository.root().resolve("docker-compose.yml"));
    /// What the build and whoever uses it put there.
    private static final Set<String> MADE_LATER = Set.of("./worker/target/belay", "./incoming");

    private static final Duration STOP_GRACE_PERIOD = Duration.ofSeconds(45);
    private static final Pattern VARIABLE = Pattern.compile("(BELAY_[A-Z_]+): \"?([^\"\\n]*)\"?");
    private static final Pattern TOPIC = Pattern.compile("belay\\.[a-z0-9.-]+");

    @Test
    void isYamlWithKafkaTopicsTwoWorkersAndPrometheus() {
        JsonNode file = new YAMLMapper().readTree(TEXT);

        assertThat(file.path("services").propertyNames())
                .containsExactlyInAnyOrder(
                        "kafka", "topics", "postgres", "folders", "worker-1", "worker-2", "prometheus");
        assertThat(file.path("volumes").propertyNames())
                .containsExactlyInAnyOrder("kafka", "postgres", "prometheus", "data-1", "data-2");
        assertThat(file.at("/services/kafka/image").asString())
                .isEqualTo(file.at("/services/topics/image").asString());
        assertThat(file.at("/services/worker-1/command").toString()).contains("dev.belay.cli.Belay", "worker");
    }

    @Test
    void setsOnlyWhatThereIsToSet(@TempDir Path folder) throws Exception {
        Map<String, String> variables = new TreeMap<>();
        var found = VARIABLE.matcher(withoutComments());
        while (found.find()) {
            variables.put(found.group(1), found.group(2));
        }
        variables.replace(
                "BELAY_JOURNAL_PASSWORD_FILE",
                Files.writeString(folder.resolve("password"), "secret").toString());

        EffectiveSettings read = SettingsReader.read(new SettingsInputs(folder, null, variables, Map.of()));

        assertThat(variables).hasSize(8);
        assertThat(read.settings().kafka().bootstrapServers()).contains("kafka:9092");
        assertThat(read.settings().journalPlace().text()).isEqualTo("postgresql://postgres:5432/belay");
        assertThat(read.settings().worker().stopWithin()).isLessThan(STOP_GRACE_PERIOD);
        assertThat(TEXT).contains("stop_grace_period: %ds".formatted(STOP_GRACE_PERIOD.toSeconds()));
    }

    @Test
    void prometheusAsksEveryWorkerWhereItListens() {
        JsonNode file = new YAMLMapper().readTree(TEXT);
        JsonNode scrape = PrometheusFiles.yaml("prometheus.yml");
        String listen =
                file.at("/services/worker-1/environment/BELAY_METRICS_LISTEN").asString();
        List<String> workers = file.path("services").propertyNames().stream()
                .filter(name -> name.startsWith("worker-"))
                .toList();

        assertThat(listen).startsWith("0.0.0.0:");
        assertThat(scrape.at("/scrape_configs/0/static_configs/0/targets")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyElementsOf(workers.stream()
                        .map(worker -> worker + listen.substring(listen.lastIndexOf(':')))
                        .toList());
        assertThat(scrape.at("/scrape_configs/0").has("metrics_path"))
                .as("the usual /metrics")
                .isFalse();
        assertThat(scrape.at("/scrape_configs")).hasSize(1);
        assertThat(file.at("/services/prometheus/volumes/0").asString())
                .isEqualTo("./deploy/prometheus:/etc/prometheus:ro");
        // Whoever is asked for is not asked for on a port of the host, where anybody could ask.
        assertThat(file.at("/services/worker-1/ports").isMissingNode()).isTrue();
    }

    @Test
    void everyServiceThatStaysSaysWhetherItLives() {
        JsonNode file = new YAMLMapper().readTree(TEXT);

        file.path("services").properties().forEach(service -> {
            JsonNode one = service.getValue();
            // The other workers take over what the first one has.
            boolean stays = !one.path("restart").asString("").equals("no") && !one.has("<<");
            assertThat(one.at("/healthcheck/test").isArray())
                    .as(service.getKey())
                    .isEqualTo(stays);
        });
        List<String> command = file.at("/services/worker-1/healthcheck/test")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        assertThat(command).endsWith("-cp", "/opt/belay/lib/*", "dev.belay.cli.Belay", "health");
    }

    @Test
    void namesOnlyWhatIsThere() {
        JsonNode file = new YAMLMapper().readTree(TEXT);

        file.path("services").properties().forEach(service -> {
            JsonNode one = service.getValue();
            assertThat(one.path("depends_on").propertyNames())
                    .as(service.getKey())
                    .isSubsetOf(file.path("services").propertyNames());
            one.path("secrets")
                    .forEach(secret -> assertThat(file.path("secrets").has(secret.asString()))
                            .isTrue());
            one.path("volumes").forEach(volume -> {
                String source = volume.asString().split(":", 2)[0];
                boolean there = source.startsWith("./")
                        ? MADE_LATER.contains(source)
                                || Files.exists(Repository.root().resolve(source))
                        : file.path("volumes").has(source);
                assertThat(there).as("%s of %s", source, service.getKey()).isTrue();
            });
        });
    }

    @Test
    void runsWorkersAsNobodyWhoCanWriteToTheirImage() {
        JsonNode file = new YAMLMapper().readTree(TEXT);
        JsonNode worker = file.at("/services/worker-1");

        assertThat(worker.path("user").asString()).isEqualTo("10001:10001");
        assertThat(worker.path("read_only").asBoolean()).isTrue();
        assertThat(worker.path("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        // The YAML library does not merge: what worker-2 takes over is read by Compose.
        assertThat(file.at("/services/worker-2/<<").asString()).isEqualTo("worker");
    }

    @Test
    void makesEveryTopicThatTheDefaultSettingsAskFor() {
        var topics = Topics.withDefaultPrefix();
        var made = new TreeSet<String>();
        var found = TOPIC.matcher(withoutComments().replaceAll("dev\\.belay\\S*", ""));
        while (found.find()) {
            made.add(found.group());
        }

        assertThat(made)
                .containsExactlyInAnyOrder(
                        topics.jobs(),
                        topics.retry(1),
                        topics.retry(2),
                        topics.retry(3),
                        topics.deadLetters(),
                        topics.events(),
                        topics.control());
        assertThat(TEXT).contains("make belay.jobs.dlq 2592000000 " + TopicAdmin.MAX_MESSAGE_BYTES);
    }

    private static String withoutComments() {
        return TEXT.replaceAll("(?m)^\\s*#.*$", "");
    }
}
