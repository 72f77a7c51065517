package dev.belay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The rules of `deploy/prometheus/alerts.yml` are those of the page, and ask only for what a worker shows. Which
/// metrics it shows is compared with the page by `WorkerPagesTest`.
class AlertsTest {
    private static final List<String> PAGE = Repository.lines("docs/metrics.md");
    private static final Pattern METRIC = Pattern.compile("belay_[a-z_]+");
    private static final Pattern CODES = Pattern.compile("code=~\"([A-Z_|]+)\"");

    private static List<JsonNode> rules() {
        var rules = new ArrayList<JsonNode>();
        PrometheusFiles.yaml("alerts.yml").at("/groups/0/rules").forEach(rules::add);
        return rules;
    }

    @Test
    void areThoseOfThePage() {
        List<String> rows = rules().stream()
                .map(rule -> "| `%s` | %s |"
                        .formatted(
                                rule.path("expr").asString().replace("|", "\\|"),
                                rule.path("for").asString("at once")))
                .toList();

        assertThat(rows).isNotEmpty();
        assertThat(PAGE.stream()
                        .dropWhile(line -> !line.startsWith("## Alerts"))
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.replaceFirst("(\\| `.*` \\| [^|]+ \\|).*", "$1")))
                .containsExactlyElementsOf(rows);
    }

    @Test
    void askOnlyForWhatIsShown() {
        var shown = new TreeSet<String>();
        PAGE.stream().takeWhile(line -> !line.startsWith("## Alerts")).forEach(line -> {
            Matcher name = METRIC.matcher(line);
            while (name.find()) {
                shown.add(name.group());
            }
        });
        for (JsonNode rule : rules()) {
            String expression = rule.path("expr").asString();
            Matcher name = METRIC.matcher(expression);
            while (name.find()) {
                assertThat(shown).contains(name.group());
            }
            Matcher codes = CODES.matcher(expression);
            while (codes.find()) {
                assertThat(Arrays.stream(FailureCode.values()).map(Enum::name))
                        .contains(codes.group(1).split("\\|"));
            }
            assertThat(rule.path("alert").asString()).startsWith("Belay");
            assertThat(rule.at("/annotations/summary").asString()).endsWith(".");
        }
    }
}
