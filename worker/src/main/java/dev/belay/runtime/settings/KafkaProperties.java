package dev.belay.runtime.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Which properties of Kafka's clients may be set as `kafka.*`, and why the others may not.
///
/// An allow-list: a property that a later Kafka brings is refused until someone has looked at it. What names a
/// class to load is refused, except where the class is one of Kafka's own for OAuth and SASL.
final class KafkaProperties {
    static final String PREFIX = "kafka.";
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String BOOTSTRAP_SERVERS_KEY = PREFIX + BOOTSTRAP_SERVERS;

    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.";
    private static final List<String> KINDS = List.of("consumer.", "producer.", "admin.");
    private static final String JAAS = "sasl.jaas.config";

    /// Login modules that `sasl.jaas.config` may name; others have been used to run code (CVE-2023-25194).
    private static final Set<String> LOGIN_MODULES = Set.of(
            "org.apache.kafka.common.security.scram.ScramLoginModule",
            "org.apache.kafka.common.security.plain.PlainLoginModule",
            OAUTH + "OAuthBearerLoginModule",
            "com.sun.security.auth.module.Krb5LoginModule");

    /// Class-valued properties and the classes of Kafka that they may name.
    private static final Map<String, Set<String>> OWN_CLASSES = Map.of(
            "sasl.login.callback.handler.class",
            Set.of(OAUTH + "OAuthBearerLoginCallbackHandler"),
            "sasl.oauthbearer.jwt.retriever.class",
            Set.of(
                    OAUTH + "DefaultJwtRetriever",
                    OAUTH + "ClientCredentialsJwtRetriever",
                    OAUTH + "FileJwtRetriever",
                    OAUTH + "JwtBearerJwtRetriever"),
            "sasl.oauthbearer.jwt.validator.class",
            Set.of(OAUTH + "DefaultJwtValidator", OAUTH + "ClientJwtValidator"));

    /// What may be set, one word each.
    static final Set<String> ALLOWED = Set.of("""
            batch.size bootstrap.servers buffer.memory check.crcs client.dns.lookup client.rack
            compression.gzip.level compression.lz4.level compression.type compression.zstd.level
            connections.max.idle.ms default.api.timeout.ms delivery.timeout.ms enable.metrics.push
            fetch.max.bytes fetch.max.wait.ms fetch.min.bytes linger.ms max.block.ms max.partition.fetch.bytes
            max.poll.interval.ms max.poll.records max.request.size metadata.max.age.ms metadata.max.idle.ms
            metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metrics.num.samples
            metrics.recording.level metrics.sample.window.ms partitioner.adaptive.partitioning.enable
            partitioner.availability.timeout.ms receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms
            request.timeout.ms retries retry.backoff.max.ms retry.backoff.ms sasl.jaas.config
            sasl.kerberos.min.time.before.relogin sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter
            sasl.kerberos.ticket.renew.window.factor sasl.login.callback.handler.class sasl.login.connect.timeout.ms
            sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds
            sasl.login.refresh.window.factor sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms
            sasl.login.retry.backoff.ms sasl.mechanism sasl.oauthbearer.assertion.algorithm
            sasl.oauthbearer.assertion.claim.aud sasl.oauthbearer.assertion.claim.exp.seconds
            sasl.oauthbearer.assertion.claim.iss sasl.oauthbearer.assertion.claim.jti.include
            sasl.oauthbearer.assertion.claim.nbf.seconds sasl.oauthbearer.assertion.claim.sub
            sasl.oauthbearer.assertion.file sasl.oauthbearer.assertion.private.key.file
            sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.assertion.template.file
            sasl.oauthbearer.client.credentials.client.id sasl.oauthbearer.client.credentials.client.secret
            sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer
            sasl.oauthbearer.header.urlencode sasl.oauthbearer.jwks.endpoint.refresh.ms
            sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
            sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.retriever.class
            sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope sasl.oauthbearer.scope.claim.name
            sasl.oauthbearer.sub.claim.name sasl.oauthbearer.token.endpoint.url security.protocol
            send.buffer.bytes socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
            ssl.cipher.suites ssl.enabled.protocols ssl.key.password ssl.keymanager.algorithm
            ssl.keystore.certificate.chain ssl.keystore.key ssl.keystore.location ssl.keystore.password
            ssl.keystore.type ssl.protocol ssl.provider ssl.secure.random.implementation
            ssl.trustmanager.algorithm ssl.truststore.certificates ssl.truststore.location
            ssl.truststore.password ssl.truststore.type transaction.timeout.ms""".strip().split("\\s+"));

    /// What may not be set, with the reason.
    static final Map<String, String> REFUSED = refused();

    private KafkaProperties() {}

    private static Map<String, String> refused() {
        var reasons = new TreeMap<String, String>();
        String classes = "it names a class to load";
        for (String name : List.of(
                "config.providers",
                "group.remote.assignor",
                "interceptor.classes",
                "key.deserializer",
                "key.serializer",
                "metric.reporters",
                "partition.assignment.strategy",
                "partitioner.class",
                "sasl.client.callback.handler.class",
                "sasl.login.class",
                "security.providers",
                "ssl.engine.factory.class",
                "value.deserializer",
                "value.serializer")) {
            reasons.put(name, classes);
        }
        reasons.put("sasl.kerberos.kinit.cmd", "it names a program to run");
        reasons.put("ssl.endpoint.identification.algorithm", "the host name of a broker is always checked");
        String once = "each job's outcome is announced exactly once, which rests on it";
        for (String name : List.of(
                "acks",
                "enable.idempotence",
                "isolation.level",
                "max.in.flight.requests.per.connection",
                "transaction.two.phase.commit.enable")) {
            reasons.put(name, once);
        }
        String offsets = "offsets are committed in the transaction that announces their jobs";
        for (String name : List.of("auto.commit.interval.ms", "auto.offset.reset", "enable.auto.commit")) {
            reasons.put(name, offsets);
        }
        reasons.put("allow.auto.create.topics", "topics need settings of their own: belay topics create");
        reasons.put("bootstrap.controllers", "workers speak to brokers: kafka.bootstrap.servers");
        reasons.put("client.id", "clients are named after the worker's slot: worker.slot");
        reasons.put("exclude.internal.topics", "topics are named, never matched");
        reasons.put("group.id", "it is a setting of its own: worker.group");
        reasons.put("group.instance.id", "it is the worker's slot: worker.slot");
        reasons.put("group.protocol", "it is a setting of its own: worker.groupProtocol");
        reasons.put("heartbeat.interval.ms", "it follows from worker.sessionTimeout");
        reasons.put("partitioner.ignore.keys", "jobs and events of one dataset keep their order by their key");
        reasons.put("session.timeout.ms", "it is a setting of its own: worker.sessionTimeout");
        reasons.put("share.acknowledgement.mode", "workers do not use share groups");
        reasons.put("share.acquire.mode", "workers do not use share groups");
        reasons.put("transactional.id", "it is made of worker.group and worker.slot");
        return Map.copyOf(reasons);
    }

    /// The property without the kind of client that it is for.
    static String bare(String name) {
        for (String kind : KINDS) {
            if (name.startsWith(kind)) {
                return name.substring(kind.length());
            }
        }
        return name;
    }

    /// Whether a key is that of a property of Kafka's clients which may be set.
    static boolean mayBeSet(String key) {
        return key.startsWith(PREFIX) && ALLOWED.contains(bare(key.substring(PREFIX.length())));
    }

    /// Why a property may not have its name; empty when it may, and when it is unknown.
    static Optional<String> refusal(String name) {
        String bare = bare(name);
        String reason = REFUSED.get(bare);
        if (reason == null && !ALLOWED.contains(bare) && namesClasses(bare)) {
            reason = "it names a class to load";
        }
        if (reason == null && bare.equals(BOOTSTRAP_SERVERS) && !bare.equals(name)) {
            reason = "all clients speak to one Kafka: kafka.bootstrap.servers";
        }
        return Optional.ofNullable(reason);
    }

    private static boolean namesClasses(String name) {
        return name.endsWith(".class")
                || name.endsWith(".classes")
                || name.startsWith("config.providers.")
                || name.contains("reporter")
                || name.contains("jmx");
    }

    /// @throws BadValue when a property has a value that it may not have
    static void check(String name, String value) throws BadValue {
        String bare = bare(name);
        Set<String> classes = OWN_CLASSES.get(bare);
        if (classes != null && !classes.contains(value)) {
            throw new BadValue("names a class to load; allowed are Kafka's own: "
                    + String.join(", ", classes.stream().sorted().toList()));
        }
        if (bare.equals(JAAS)) {
            if (!LOGIN_MODULES.contains(value.strip().split("[\\s;]", 2)[0])) {
                throw new BadValue("must begin with a login module of these: "
                        + String.join(", ", LOGIN_MODULES.stream().sorted().toList()));
            }
            JaasText.check(value);
        }
        if (value.indexOf('\0') >= 0) {
            throw new BadValue("has a NUL character");
        }
    }
}
