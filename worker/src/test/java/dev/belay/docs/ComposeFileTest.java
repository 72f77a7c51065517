package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.intake.TopicAdmin;
import dev.belay.runtime.settings.EffectiveSettings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import dev.belay.schemas.Topics;
import java.nio.file.Path;
import java.util.Map;
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
    private static final Pattern VARIABLE = Pattern.compile("(BELAY_[A-Z_]+): \"?([^\"\\n]*)\"?");
    private static final Pattern TOPIC = Pattern.compile("belay\\.[a-z0-9.-]+");

    @Test
    void isYamlWithKafkaTopicsAndTwoWorkers() {
        JsonNode file = new YAMLMapper().readTree(TEXT);

        assertThat(file.path("services").propertyNames())
                .containsExactlyInAnyOrder("kafka", "topics", "worker-1", "worker-2");
        assertThat(file.path("volumes").propertyNames()).containsExactlyInAnyOrder("kafka", "data");
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

        EffectiveSettings read = SettingsReader.read(new SettingsInputs(folder, null, variables, Map.of()));

        assertThat(variables).hasSize(4);
        assertThat(read.settings().kafka().bootstrapServers()).contains("kafka:9092");
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
