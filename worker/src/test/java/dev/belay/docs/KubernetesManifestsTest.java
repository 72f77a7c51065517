package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.belay.runtime.settings.EffectiveSettings;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// No cluster is needed: the manifests have only fields that Kubernetes knows, name only what is there, and
/// set only what a worker knows. KEDA's kinds are not in Kubernetes' own models and are looked at by hand.
class KubernetesManifestsTest {
    private static final Path FOLDER = Repository.root().resolve("deploy/kubernetes");
    private static final List<String> FILES = List.of("settings.yaml", "worker.yaml", "scaling.yaml");

    private static List<JsonNode> all() throws IOException {
        var documents = new ArrayList<JsonNode>();
        for (String file : FILES) {
            String text = Repository.text(FOLDER.resolve(file));
            try (var values = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
                values.forEachRemaining(documents::add);
            }
        }
        return documents;
    }

    private static JsonNode kind(String kind) throws IOException {
        return all().stream()
                .filter(document -> document.path("kind").asString().equals(kind))
                .reduce((_, _) -> {
                    throw new AssertionError("two of " + kind);
                })
                .orElseThrow();
    }

    @Test
    void haveOnlyFieldsThatKubernetesKnows() throws Exception {
        var kinds = new TreeSet<String>();
        for (JsonNode document : all()) {
            JsonElement json = JsonParser.parseString(document.toString());
            String kind = document.path("kind").asString();
            kinds.add(document.path("apiVersion").asString() + " " + kind);
            switch (kind) {
                case "Deployment" -> V1Deployment.validateJsonElement(json);
                case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(json);
                case "ConfigMap" -> V1ConfigMap.validateJsonElement(json);
                default -> assertThat(kind).isIn("ScaledObject", "TriggerAuthentication");
            }
        }
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "apps/v1 Deployment",
                        "policy/v1 PodDisruptionBudget",
                        "v1 ConfigMap",
                        "keda.sh/v1alpha1 ScaledObject",
                        "keda.sh/v1alpha1 TriggerAuthentication");
        assertThat(new YAMLMapper()
                        .readTree(Repository.text(FOLDER.resolve("kustomization.yaml")))
                        .path("resources")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyElementsOf(FILES);
    }

    @Test
    void setOnlyWhatAWorkerKnows(@TempDir Path folder) throws Exception {
        Settings settings = settings(folder);
        JsonNode trigger = kind("ScaledObject").at("/spec/triggers/0/metadata");

        assertThat(settings.journalPlace().text()).isEqualTo("postgresql://db.example.org:5432/belay");
        assertThat(settings.kafka().clientProperties()).containsEntry("sasl.jaas.config", login());
        assertThat(settings.data()).isEqualTo(Path.of("/data"));
        assertThat(settings.kafka().bootstrapServers())
                .contains(trigger.path("bootstrapServers").asString());
        assertThat(settings.worker().group())
                .isEqualTo(trigger.path("consumerGroup").asString());
        assertThat(settings.topics().prefix() + ".jobs")
                .isEqualTo(trigger.path("topic").asString());
        assertThat(kind("ScaledObject").at("/spec/maxReplicaCount").asInt())
                .isEqualTo(settings.topics().partitions());
        assertThat(kind("Deployment")
                        .at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asLong())
                .isGreaterThan(settings.worker().stopWithin().toSeconds());
    }

    private static String login() {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"p\";";
    }

    /// As the worker of the Deployment reads them, with secrets of our own.
    private static Settings settings(Path folder) throws Exception {
        var environment = new TreeMap<String, String>();
        kind("Deployment")
                .at("/spec/template/spec/containers/0/env")
                .forEach(variable -> environment.put(
                        variable.path("name").asString(), variable.path("value").asString()));
        for (String name : Set.copyOf(environment.keySet())) {
            if (name.endsWith("_FILE")) {
                String secret = name.contains("JAAS") ? login() : "secret";
                environment.put(
                        name, Files.writeString(folder.resolve(name), secret).toString());
            }
        }
        String yaml = kind("ConfigMap").at("/data/belay.yaml").asString();
        environment.put(
                "BELAY_CONFIG",
                Files.writeString(folder.resolve("belay.yaml"), yaml).toString());
        EffectiveSettings read = SettingsReader.read(new SettingsInputs(folder, null, environment, Map.of()));
        return read.settings();
    }

    @Test
    void nameOnlyWhatIsThere() throws Exception {
        JsonNode deployment = kind("Deployment");
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode labels = deployment.at("/spec/template/metadata/labels");
        String name = deployment.at("/metadata/name").asString();

        assertThat(deployment.at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(kind("PodDisruptionBudget").at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(kind("ScaledObject").at("/spec/scaleTargetRef/name").asString())
                .isEqualTo(name);
        assertThat(kind("ScaledObject")
                        .at("/spec/triggers/0/authenticationRef/name")
                        .asString())
                .isEqualTo(kind("TriggerAuthentication").at("/metadata/name").asString());
        assertThat(pod.at("/volumes/0/configMap/name").asString())
                .isEqualTo(kind("ConfigMap").at("/metadata/name").asString());
        assertThat(names(pod.at("/volumes"))).isEqualTo(names(pod.at("/containers/0/volumeMounts")));
        assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem")
                        .asBoolean())
                .isTrue();
        String files = Repository.text(FOLDER.resolve("worker.yaml"))
                + Repository.text(FOLDER.resolve("settings.yaml")).replace('\n', ' ');
        for (String file : List.of("kafka-jaas", "db-password", "kafka-ca.pem", "db-ca.pem")) {
            assertThat(files).contains("--from-file=" + file, "/etc/belay/secrets/" + file);
        }
    }

    private static Set<String> names(JsonNode list) {
        var names = new TreeSet<String>();
        list.forEach(one -> names.add(one.path("name").asString()));
        return names;
    }

    @Test
    void runTheImageThatTheBuildMakes() throws Exception {
        String pom = Repository.text(Repository.root().resolve("worker/pom.xml"));
        JsonNode container = kind("Deployment").at("/spec/template/spec/containers/0");
        String version = Repository.text(Repository.root().resolve("pom.xml"))
                .replaceAll("(?s).*?<artifactId>belay-parent</artifactId>\\s*<version>([^<]+)<.*", "$1");

        assertThat(container.path("image").asString()).isEqualTo("belay:" + version);
        assertThat(pom).contains("<image>belay:${project.version}</image>", "<user>10001:10001</user>");
        assertThat(kind("Deployment")
                        .at("/spec/template/spec/securityContext/runAsUser")
                        .asInt())
                .isEqualTo(10001);
    }

    @Test
    void askTheWorkerWhereItListens(@TempDir Path folder) throws Exception {
        int port = settings(folder).metrics().listen().orElseThrow().port();
        JsonNode template = kind("Deployment").at("/spec/template");
        JsonNode container = template.at("/spec/containers/0");
        JsonNode annotations = template.at("/metadata/annotations");

        assertThat(settings(folder).metrics().listen().orElseThrow().host()).isEqualTo("0.0.0.0");
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
        assertThat(annotations.path("prometheus.io/port").asString()).isEqualTo(Integer.toString(port));
        assertThat(annotations.path("prometheus.io/path").asString()).isEqualTo("/metrics");
        for (String probe : List.of("startupProbe", "livenessProbe")) {
            JsonNode asked = container.path(probe).path("httpGet");
            assertThat(asked.path("path").asString()).isEqualTo("/health");
            assertThat(asked.path("port").asString())
                    .isEqualTo(container.at("/ports/0/name").asString());
        }
        // A worker that is taken for dead by the others is given time to find out by itself.
        JsonNode liveness = container.path("livenessProbe");
        assertThat(liveness.path("periodSeconds").asLong()
                        * liveness.path("failureThreshold").asLong())
                .isGreaterThanOrEqualTo(
                        settings(folder).worker().ownerLostAfter().toSeconds());
    }
}
