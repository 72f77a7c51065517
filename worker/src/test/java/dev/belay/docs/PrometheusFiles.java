package dev.belay.docs;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What is in `deploy/prometheus`.
final class PrometheusFiles {
    private PrometheusFiles() {}

    static JsonNode yaml(String name) {
        return new YAMLMapper()
                .readTree(Repository.text(
                        Repository.root().resolve("deploy/prometheus").resolve(name)));
    }
}
