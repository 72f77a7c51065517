package dev.belay.schemas;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/// Every event Belay writes to its events topic, with its CloudEvents type, and the names of its schema and example.
public enum EventType {
    JOB_ACCEPTED("job.accepted", Course.GOING_ON),
    JOB_STAGE("job.stage", Course.GOING_ON),
    JOB_PROGRESS("job.progress", Course.GOING_ON),
    JOB_ROLLED_BACK("job.rolled-back", Course.GOING_ON),
    JOB_REVIEW_REQUESTED("job.review-requested", Course.GOING_ON),
    JOB_RECOVERED("job.recovered", Course.GOING_ON),
    JOB_COMPLETED("job.completed", Course.ENDED),
    JOB_SKIPPED("job.skipped", Course.ENDED),
    JOB_FAILED("job.failed", Course.ENDED),
    JOB_CANCELLED("job.cancelled", Course.ENDED),
    JOB_SUPERSEDED("job.superseded", Course.ENDED),
    DATASET_PUBLISHED("dataset.published", Course.GOING_ON),
    DATASET_DROPPED("dataset.dropped", Course.GOING_ON),
    DICTIONARY_STASHED("dictionary.stashed", Course.GOING_ON),
    DICTIONARY_RESTORED("dictionary.restored", Course.GOING_ON);

    private enum Course {
        GOING_ON,
        ENDED
    }

    private final String shortName;
    private final Course course;

    EventType(String shortName, Course course) {
        this.shortName = shortName;
        this.course = course;
    }

    /// The type whose CloudEvents string is `cloudEventType`; empty for a type this version does not know.
    public static Optional<EventType> of(String cloudEventType) {
        return Arrays.stream(values())
                .filter(type -> type.cloudEventType().equals(cloudEventType))
                .findFirst();
    }

    /// The CloudEvents `type`, such as `dev.belay.job.completed`.
    @JsonValue
    public String cloudEventType() {
        return "dev.belay." + shortName;
    }

    /// The part after `dev.belay.`, such as `job.completed`.
    public String shortName() {
        return shortName;
    }

    /// Whether a job has ended with this event. A `read_committed` consumer sees exactly one such event per job.
    public boolean terminal() {
        return course == Course.ENDED;
    }

    /// The schema of this event's data, relative to this package's resources.
    public String schemaResource() {
        return "events/" + shortName + ".schema.json";
    }

    /// A complete CloudEvent of this type, relative to this package's resources.
    public String exampleResource() {
        return "examples/" + shortName + ".json";
    }

    /// The CloudEvents `dataschema`: the schema's `$id`.
    public String dataSchema() {
        return SchemaResources.BASE + schemaResource();
    }
}
