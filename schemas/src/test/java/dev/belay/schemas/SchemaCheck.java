package dev.belay.schemas;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/// A JSON Schema validator that finds Belay's schemas in the jar and never asks the network.
final class SchemaCheck {
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaIdResolvers(
                    ids -> ids.mapPrefix(SchemaResources.BASE, "classpath:dev/belay/schemas/")));

    /// What is wrong with `json` under the schema of this package's resources; empty if nothing is.
    List<String> problems(String resource, String json) {
        return registry
                .getSchema(SchemaLocation.of(SchemaResources.BASE + resource))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .toList();
    }

    /// What is wrong with a schema itself, under the 2020-12 meta-schema.
    List<String> schemaProblems(String json) {
        return registry
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                .validate(json, InputFormat.JSON)
                .stream()
                .map(Error::toString)
                .toList();
    }
}
