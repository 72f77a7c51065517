package dev.belay.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.sql.PostgresAddress;
import dev.belay.stores.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    @TempDir
    private Path folder;

    @Test
    void holdsTheDefaultsWhenNobodySaysOtherwise() throws JobFailure {
        var settings = read(Map.of(), Map.of()).settings();

        assertThat(settings.data()).isEqualTo(folder.resolve("belay-data"));
        assertThat(settings.journalPlace()).isEqualTo(new StorePlace.Folder(settings.data()));
        assertThat(settings.datastorePlace()).isEqualTo(new StorePlace.Folder(settings.data()));
        assertThat(settings.kafka().bootstrapServers()).isEmpty();
        assertThat(settings.retry().delays())
                .containsExactly(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10));
        assertThat(settings.limits().sourceBytes()).isEqualTo(50L << 30);
        assertThat(settings.worker().slot()).isEqualTo(new Choosable.Automatic());
        assertThat(settings.source().http().ports()).containsExactly(80, 443);
    }

    @Test
    void reportsEverySettingExactlyOnce() throws JobFailure {
        var report = read(Map.of(), Map.of()).report();

        assertThat(report.entries())
                .extracting(SettingsReport.Entry::key)
                .containsExactlyInAnyOrderElementsOf(
                        SettingCatalog.ALL.stream().map(Setting::key).toList());
    }

    @Test
    void letsTheLaterSourceWinAndRemembersIt() throws Exception {
        yaml("""
                versions.keep: 3
                worker:
                  concurrency: 5
                  window: 100
                """);

        var effective = read(
                Map.of("BELAY_WORKER_CONCURRENCY", "6", "BELAY_WORKER_WINDOW", "200"), Map.of("worker.window", "300"));

        assertThat(effective.settings().versions().keep()).isEqualTo(3);
        assertThat(effective.settings().worker().concurrency()).isEqualTo(6);
        assertThat(effective.settings().worker().window()).isEqualTo(300);
        assertThat(origin(effective, "versions.keep")).endsWith("belay.yaml:1");
        assertThat(origin(effective, "worker.concurrency")).isEqualTo("BELAY_WORKER_CONCURRENCY");
        assertThat(origin(effective, "worker.window")).isEqualTo("command line");
        assertThat(origin(effective, "log.level")).isEqualTo("default");
    }

    @Test
    void readsListsFromYamlAndFromText() throws Exception {
        yaml("source: {roots: ['/a,b', c], http: {ports: '80, 8080'}}\nretry.delays: [1s]\n");

        var settings = read(Map.of("BELAY_SOURCE_HTTP_ALLOW", "intern:8080,10.0.0.0/8"), Map.of())
                .settings();

        assertThat(settings.source().roots()).containsExactly(folder.resolve("/a,b"), folder.resolve("c"));
        assertThat(settings.source().http().ports()).containsExactly(80, 8080);
        assertThat(settings.source().http().allow()).containsExactly("intern:8080", "10.0.0.0/8");
        assertThat(settings.retry().delays()).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void passesKafkaPropertiesThrough() throws Exception {
        yaml("kafka:\n  security:\n    protocol: SASL_SSL\n  bootstrap.servers: [a:1, '[::1]:9092']\n");

        var kafka = read(
                        Map.of(
                                "BELAY_KAFKA_SASL_MECHANISM",
                                "SCRAM-SHA-512",
                                "BELAY_KAFKA_CONSUMER_MAX_POLL_RECORDS",
                                "7"),
                        Map.of())
                .settings()
                .kafka();

        assertThat(kafka.clientProperties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "security.protocol", "SASL_SSL",
                        "bootstrap.servers", "a:1,[::1]:9092",
                        "sasl.mechanism", "SCRAM-SHA-512",
                        "consumer.max.poll.records", "7"));
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() throws IOException {
        yaml("retri.maxAttempts: 3\nretry:\n  maxAttempts: many\n  delays:\n");

        assertThatThrownBy(() -> read(
                        Map.of("BELAY_WORKER_CONCURENCY", "3", "BELAY_KAFKA_ISOLATION_LEVEL", "x"),
                        Map.of("versions.keep", "0", "worker", "3")))
                .isInstanceOfSatisfying(
                        JobFailure.class,
                        wrong -> assertThat(wrong.failure().code()).isEqualTo(FailureCode.SETTINGS_INVALID))
                .hasMessageContaining("7 settings are wrong")
                .hasMessageContaining("retri.maxAttempts is not a setting; did you mean retry.maxAttempts?")
                .hasMessageContaining("belay.yaml:1")
                .hasMessageContaining("retry.maxAttempts: \"many\"")
                .hasMessageContaining("is not a whole number")
                .hasMessageContaining("retry.delays has no value")
                .hasMessageContaining("did you mean BELAY_WORKER_CONCURRENCY?")
                .hasMessageContaining("kafka.isolation.level may not be set: each job's outcome")
                .hasMessageContaining("worker is a group of settings")
                .hasMessageContaining(
                        "versions.keep: \"0\" (command line) is out of its range; allowed are 1 to 10000");
    }

    @ParameterizedTest
    @CsvSource({
        "maxattempts, retry.maxAttempts",
        "source.http.body_timeout, source.http.bodyTimeout",
        "worker.maxAttempts, retry.maxAttempts",
        "kafka.sasl.mechanisms, kafka.sasl.mechanism",
        "kafka.consumer.max.pol.records, kafka.consumer.max.poll.records"
    })
    void suggestsTheNearestKey(String mistyped, String meant) {
        assertThatThrownBy(() -> read(Map.of(), Map.of(mistyped, "1")))
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits.fieldBytes | 16MB | is not a size",
                "limits.fieldBytes | 1GiB | allowed are 1B to 512MiB",
                "limits.fieldBytes | 999999999999999TiB | larger than any size",
                "limits.recordBytes | 1MiB | must be at least limits.fieldBytes (16MiB)",
                "limits.messageBytes | 1MiB | allowed are 1KiB to 512KiB",
                "worker.sessionTimeout | 10 | is not a duration",
                "worker.sessionTimeout | PT5S | allowed are 6s to 30m",
                "worker.sessionTimeout | 2m | worker.ownerLostAfter (1m) must be at least worker.sessionTimeout (2m)",
                "worker.slot | 64 | allowed are 0 to 63",
                "worker.groupProtocol | CLASSIC | must be one of classic, consumer",
                "topics.prefix | -a | must be 1 to 200 letters",
                "events.notices | yes | must be true or false",
                "source.http.maxRedirects | 6 | allowed are 0 to 5",
                "source.http.ports | 80,,443 | has an empty item",
                "source.http.ports | '' | allowed are 1 to 100",
                "retry.delays | '' | allowed are 1 to 20",
                "dev.port | 65536 | allowed are 0 to 65535",
                "data | '' | has no path",
                "journal.url | postgresql://belay:hunter2@db/belay | set it as journal.password, best in the environment",
                "datastore.url | postgresql://belay:h@unter2@db/belay | must be postgresql://ROLE@HOST:PORT/DATABASE",
                "journal.url | postgresql://belay@db/belay?password=hunter2 | set it as journal.password",
                "journal.url | postgresql://belay@db/belay?sslpassword=hunter2 | keep the key without one",
                "journal.url | postgresql://db/belay | names no role",
                "journal.url | postgresql://belay@/belay | must be postgresql://ROLE@HOST:PORT/DATABASE",
                "journal.url | postgresql://belay@db | must be postgresql://ROLE@HOST:PORT/DATABASE",
                "journal.url | postgresql://belay@db/belay?user=other | write the role before the host",
                "journal.url | postgresql://belay@db/belay?currentSchema=x | the schemas have fixed names",
                "journal.url | postgresql://belay@db/belay?socketFactory=x | has the parameter socketFactory",
                "journal.url | postgresql://belay@db/belay | datastore.url must be a PostgreSQL database",
                "journal.url | mysql://belay@db/belay | must be sqlite:FOLDER or postgresql://",
                "journal.connections | 1 | allowed are 2 to 1000",
                "datastore.url | sqlite:x?mode=memory | must be sqlite: and the path of a folder",
                "kafka.bootstrap.servers | localhost | must be `host:port`"
            })
    void refusesValuesOutOfRange(String key, String value, String reason) {
        assertThatThrownBy(() -> read(Map.of(), Map.of(key, value)))
                .hasMessageContaining(key)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void takesStoresInADatabaseWithTheirPasswordsAndAsManyConnectionsAsJobsNeed() throws JobFailure {
        Settings settings = read(
                        Map.of("BELAY_JOURNAL_PASSWORD", "hunter2"),
                        Map.of(
                                "journal.url", "postgresql://be%20lay@db:5433/belay?sslmode=verify-full",
                                "datastore.url", "jdbc:postgresql://be%20lay@db:5433/data"))
                .settings();

        var journal = new PostgresAddress("jdbc:postgresql://db:5433/belay?sslmode=verify-full", "be lay", "hunter2");
        var data = new PostgresAddress("jdbc:postgresql://db:5433/data", "be lay", "hunter2");
        assertThat(settings.journalPlace()).isEqualTo(new StorePlace.Server(journal, 6));
        assertThat(settings.datastorePlace()).isEqualTo(new StorePlace.Server(data, 10));
    }

    @Test
    void givesTheJournalsPasswordToNoOtherServerAndNoOtherRole() throws JobFailure {
        for (String other : List.of("postgresql://belay@other/belay", "postgresql://other@db/belay")) {
            Settings settings = read(
                            Map.of("BELAY_JOURNAL_PASSWORD", "hunter2"),
                            Map.of("journal.url", "postgresql://belay@db/belay", "datastore.url", other))
                    .settings();

            assertThat(settings.datastorePlace())
                    .isInstanceOfSatisfying(
                            StorePlace.Server.class,
                            server -> assertThat(server.address().password()).isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://belay@db:70000/belay | cannot be read",
                "postgresql://belay@db/be%lay | two hexadecimal digits",
                "postgresql://belay@db/belay?sslrootcert=%zz | cannot be read",
                "postgresql://belay@db/belay?sslmode=full | sslmode with another value than disable, allow",
                "postgresql://belay@db/belay?sslmode | sslmode with another value",
                "postgresql://belay@db/belay?connectTimeout=soon | connectTimeout with another value",
                "postgresql://belay@a,b/belay?targetServerType=preferSecondary | with another value than primary",
                "postgresql://belay:canary 7f3a@db/belay | a password does not stand in a URL",
                "postgresql://belay@db/belay?password=canary 7f3a | a password does not stand in a URL"
            })
    void saysWhatIsWrongWithTheUrlOfAStoreAndShowsNoPassword(String url, String words) {
        assertThatThrownBy(() -> read(Map.of(), Map.of("journal.url", url, "datastore.url", url)))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining("journal.url: ")
                .hasMessageContaining(words)
                .hasMessageNotContaining("canary")
                .hasMessageNotContaining("7f3a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://belay@[::1]:5433,db.example.org/be%20lay?targetServerType=primary&loadBalanceHosts=true",
                "postgresql://be%40lay@db/belay?sslmode=verify-full&sslrootcert=/etc/ca%20s.pem"
            })
    void takesEveryUrlThatTheDriverTakes(String url) throws JobFailure {
        assertThat(read(Map.of(), Map.of("journal.url", url, "datastore.url", url))
                        .settings())
                .isNotNull();
    }

    @Test
    void aPasswordIsWhatIsWrittenWithItsBlanks() throws Exception {
        Files.writeString(folder.resolve("password"), " hunter2 \n");
        Settings settings = read(
                        Map.of("BELAY_JOURNAL_PASSWORD_FILE", "password", "BELAY_DATASTORE_PASSWORD", "x "),
                        Map.of("journal.url", "postgresql://a@db/b", "datastore.url", "postgresql://c@db/d"))
                .settings();

        assertThat(((StorePlace.Server) settings.journalPlace()).address().password())
                .isEqualTo(" hunter2 ");
        assertThat(((StorePlace.Server) settings.datastorePlace()).address().password())
                .isEqualTo("x ");
    }

    @Test
    void takesTheLayoutOfASiteForADatabaseOnly() throws JobFailure {
        Settings settings = read(
                        Map.of(), Map.of("datastore.url", "postgresql://belay@db/data", "datastore.layout", "ckan"))
                .settings();

        var data = new PostgresAddress("jdbc:postgresql://db/data", "belay", "");
        assertThat(settings.datastorePlace()).isEqualTo(new StorePlace.Server(data, 10).forCkan());
        assertThatThrownBy(() -> read(Map.of(), Map.of("datastore.layout", "ckan")))
                .hasMessageContaining("datastore.layout is for a datastore.url that is a PostgreSQL database");
    }

    @Test
    void refusesFewerConnectionsThanTheLoadsOfAWorkerMayHoldAtOnce() {
        assertThatThrownBy(() -> read(
                        Map.of(), Map.of("datastore.url", "postgresql://belay@db/belay", "datastore.connections", "7")))
                .hasMessageContaining(
                        "datastore.connections (7) must be at least twice worker.concurrency (4): a load may need two");
    }

    @Test
    void showsNoPasswordOfAStore() throws JobFailure {
        var inputs = new SettingsInputs(
                folder,
                null,
                Map.of("BELAY_JOURNAL_PASSWORD", "hunter2", "BELAY_DATASTORE_PASSWORD", "hunter2"),
                Map.of(
                        "journal.url", "postgresql://belay@db/belay",
                        "datastore.url", "postgresql://belay@db/belay"));

        EffectiveSettings effective = SettingsReader.read(inputs);

        assertThat(effective.report().table() + effective.report().json() + effective.settings())
                .contains("journal.password")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"auto, 2", "7, 7"})
    void keepsFewerTablesThanFilesUnlessTold(String said, int kept) throws Exception {
        var inputs = new SettingsInputs(
                folder,
                null,
                Map.of("BELAY_DATASTORE_PASSWORD", "hunter2"),
                Map.of("datastore.url", "postgresql://belay@db/belay", "versions.keep", said));

        assertThat(SettingsReader.read(inputs).settings().versions().keep()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x 1\nversions: {keep: *x}",
                "- list",
                "versions.keep: 3\nversions: {keep: 4}",
                "versions.keep: 3\n---\nversions.keep: 4",
                "versions: [{keep: 1}]",
                "versions:\n keep: 3\n  data: x",
                "'unclosed"
            })
    void refusesYamlThatIsNotPlainSettings(String content) throws IOException {
        yaml(content);

        assertThatThrownBy(() -> read(Map.of(), Map.of()))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining("belay.yaml");
    }

    @Test
    void takesAnEmptyFileAndGroupsWithEverythingCommentedOut() throws Exception {
        yaml("# nothing\n");
        assertThat(read(Map.of(), Map.of()).settings().versions().keep()).isEqualTo(10);

        yaml("retry:\n# maxAttempts: 3\nkafka:\n");
        assertThat(read(Map.of(), Map.of()).settings().retry().maxAttempts()).isEqualTo(3);
    }

    @Test
    void wantsANamedFileToExist() throws Exception {
        Files.writeString(folder.resolve("other.yaml"), "versions.keep: 2");

        assertThat(read(Map.of("BELAY_CONFIG", "other.yaml"), Map.of())
                        .settings()
                        .versions()
                        .keep())
                .isEqualTo(2);
        assertThatThrownBy(() ->
                        SettingsReader.read(new SettingsInputs(folder, Path.of("absent.yaml"), Map.of(), Map.of())))
                .hasMessageContaining("absent.yaml does not exist");
    }

    @Test
    void leavesVariablesOfTheLauncherAndOfKubernetesAlone() throws JobFailure {
        var environment = Map.of(
                "BELAY_JAVA_OPTS", "-Xmx1g",
                "BELAY_AOT", "off",
                "BELAY_SERVICE_HOST", "10.0.0.1",
                "BELAY_PORT", "tcp://10.0.0.1:80",
                "BELAY_KAFKA_PORT_9092_TCP_ADDR", "10.0.0.2",
                "BELAY_RETRY_DELAYS", "",
                "PATH", "/bin");

        assertThat(read(environment, Map.of()).report().entries())
                .allSatisfy(entry -> assertThat(entry.origin()).isEqualTo(new Origin.Default()));
    }

    @Test
    void givesEverySettingAVariableOfItsOwn() {
        assertThat(SettingCatalog.ALL).extracting(Setting::variable).doesNotHaveDuplicates();
        assertThat(SettingCatalog.ALL)
                .allSatisfy(setting ->
                        assertThat(KnownKeys.keyOf(setting.variable())).contains(setting.key()));
    }

    @Test
    void neverShowsASecret() throws Exception {
        String canary = "canary-7f3a";
        yaml("kafka.ssl.key.password: " + canary + "\nkafka.ssl.keystore.location: /etc/k\n");
        var environment = Map.of(
                "BELAY_KAFKA_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.scram.ScramLoginModule required password=\"" + canary + "\";",
                "BELAY_KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET",
                canary,
                "BELAY_KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL",
                "https://user:" + canary + "@idp/token");

        var effective = read(environment, Map.of("kafka.producer.ssl.keystore.key", canary));

        assertThat(effective.settings().kafka().clientProperties()).containsEntry("ssl.key.password", canary);
        assertThat(effective.settings()
                        + effective.report().toString()
                        + effective.report().table()
                        + effective.report().json())
                .doesNotContain(canary)
                .contains("/etc/k")
                .contains(Secrets.MASK);
    }

    @Test
    void neverShowsASecretInAnError() throws IOException {
        String canary = "canary-7f3a";
        yaml("kafka.ssl.key.password: " + canary + "\nkafka.sasl.jaas.config: Evil " + canary + "\n kafka: " + canary);

        assertThatThrownBy(() -> read(Map.of("BELAY_PASSWORT", canary), Map.of("kafka.sasl.jaas.config", canary)))
                .hasMessageContaining("kafka.sasl.jaas.config")
                .hasMessageNotContaining(canary);
    }

    @Test
    void readsSecretsFromFilesOfTheirOwn() throws Exception {
        String jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required password=\"canary-7f3a\";";
        Files.writeString(folder.resolve("jaas"), jaas + "\r\n");
        Files.writeString(folder.resolve("key"), "canary-7f3a\n\n");
        yaml("kafka.ssl.key.password: {file: key}\nkafka.sasl.jaas.config: overridden\n");

        var effective = read(
                Map.of("BELAY_KAFKA_SASL_JAAS_CONFIG_FILE", "jaas"),
                Map.of("kafka.sasl.oauthbearer.assertion.private.key.file", "stays-a-path"));

        assertThat(effective.settings().kafka().clientProperties())
                .containsEntry("sasl.jaas.config", jaas)
                .containsEntry("ssl.key.password", "canary-7f3a\n")
                .containsEntry("sasl.oauthbearer.assertion.private.key.file", "stays-a-path");
        assertThat(effective.report().table()).doesNotContain("canary-7f3a");
        assertThat(origin(effective, "kafka.sasl.jaas.config"))
                .isEqualTo(folder.resolve("jaas") + ", which BELAY_KAFKA_SASL_JAAS_CONFIG_FILE names");
    }

    @Test
    void saysWhatIsWrongWithTheFileOfASecretButNotWhatIsInIt() throws Exception {
        Files.writeString(folder.resolve("empty"), "\n");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.writeString(folder.resolve("canary"), "canary-7f3a");
        yaml("kafka.ssl.key.password.file: canary\nkafka.ssl.key.password: canary-7f3a\n");

        assertThatThrownBy(() -> read(
                        Map.of(
                                "BELAY_KAFKA_SSL_KEYSTORE_PASSWORD_FILE",
                                "missing",
                                "BELAY_KAFKA_SSL_TRUSTSTORE_PASSWORD_FILE",
                                "empty",
                                "BELAY_KAFKA_SECURITY_PROTOCOL_FILE",
                                "canary"),
                        Map.of("kafka.ssl.keystore.key.file", "binary", "kafka.sasl.jaas.config.file", "canary")))
                .hasMessageContaining("kafka.ssl.keystore.password.file: the file \"missing\" "
                        + "(BELAY_KAFKA_SSL_KEYSTORE_PASSWORD_FILE) does not exist")
                .hasMessageContaining("kafka.ssl.truststore.password.file: the file \"empty\"")
                .hasMessageContaining("is empty")
                .hasMessageContaining("is not text in UTF-8")
                .hasMessageContaining("kafka.security.protocol.file is not a property")
                .hasMessageContaining("kafka.ssl.key.password is there twice, as a value and as a file")
                .hasMessageContaining("must begin with a login module")
                .hasMessageNotContaining("canary-7f3a");
    }

    @Test
    void readsNoMoreOfASecretsFileThanASecretHas() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/zero")));
        Files.createDirectory(folder.resolve("sub"));

        assertThatThrownBy(() -> read(
                        Map.of("BELAY_JOURNAL_PASSWORD_FILE", "/dev/zero", "BELAY_DATASTORE_PASSWORD_FILE", "sub"),
                        Map.of()))
                .hasMessageContaining("journal.password.file: the file \"/dev/zero\"")
                .hasMessageContaining("is larger than 64KiB")
                .hasMessageContaining("is a folder");
    }

    private void yaml(String content) throws IOException {
        Files.writeString(folder.resolve("belay.yaml"), content);
    }

    private EffectiveSettings read(Map<String, String> environment, Map<String, String> flags) throws JobFailure {
        return SettingsReader.read(new SettingsInputs(folder, null, environment, flags));
    }

    private static String origin(EffectiveSettings effective, String key) {
        return effective.report().entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElseThrow()
                .origin()
                .text();
    }
}
