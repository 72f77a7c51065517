package dev.belay.schemas;

/// The names of the Kafka headers Belay reads and writes. Values are UTF-8 text, numbers in decimal, times in ISO 8601.
public final class MessageHeaders {
    /// Says what the value is; `application/cloudevents+json` for a structured CloudEvent.
    public static final String CONTENT_TYPE = "content-type";
    /// What the attributes of a CloudEvent in binary mode begin with.
    public static final String CLOUD_EVENT = "ce_";

    public static final String STRUCTURED = "application/cloudevents+json";
    public static final String JSON = "application/json";

    /// On retry topics: the job's id, as it was given or derived when the job was first seen.
    public static final String JOB_ID = "belay-job-id";
    /// On retry topics: how many attempts have been made.
    public static final String ATTEMPTS = "belay-attempts";
    /// On retry topics: not to be run before this time.
    public static final String NOT_BEFORE = "belay-not-before";
    /// On retry topics: where the job was first written.
    public static final String ORIGIN_TOPIC = "belay-origin-topic";

    public static final String ORIGIN_PARTITION = "belay-origin-partition";
    public static final String ORIGIN_OFFSET = "belay-origin-offset";
    public static final String ORIGIN_TIMESTAMP = "belay-origin-timestamp";

    private MessageHeaders() {}
}
