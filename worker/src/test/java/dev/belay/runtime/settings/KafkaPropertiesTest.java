package dev.belay.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
    @Test
    void decidesAboutEveryPropertyThatKafkasClientsHave() {
        var known = new TreeSet<>(ConsumerConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        known.removeIf(name -> name.startsWith("internal."));

        var decided = new TreeSet<>(KafkaProperties.ALLOWED);
        decided.addAll(KafkaProperties.REFUSED.keySet());

        assertThat(decided).isEqualTo(known);
        assertThat(KafkaProperties.ALLOWED).doesNotContainAnyElementsOf(KafkaProperties.REFUSED.keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interceptor.classes",
                "key.deserializer",
                "consumer.value.deserializer",
                "metric.reporters",
                "auto.include.jmx.reporter",
                "config.providers.vault.class",
                "sasl.server.callback.handler.class",
                "producer.partitioner.class",
                "admin.security.providers"
            })
    void refusesWhatNamesClassesToLoad(String name) {
        assertThat(KafkaProperties.refusal(name)).contains("it names a class to load");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "isolation.level",
                "enable.auto.commit",
                "consumer.group.instance.id",
                "transactional.id",
                "group.id",
                "acks",
                "sasl.kerberos.kinit.cmd",
                "producer.bootstrap.servers"
            })
    void refusesWhatTheProtocolFixes(String name) {
        assertThat(KafkaProperties.refusal(name)).isPresent();
    }

    @Test
    void takesKafkasOwnClassesForOAuthAndNoOthers() throws BadValue {
        String property = "sasl.login.callback.handler.class";

        KafkaProperties.check(property, "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler");

        assertThatThrownBy(() -> KafkaProperties.check(property, "com.example.Evil"))
                .isInstanceOf(BadValue.class)
                .hasMessageContaining("names a class to load");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "required username=\"u\" password=\"canary-7f3a\"",
                "required username=\"u\" password=\"cana\"ry-7f3a\";",
                "required username=u password=canary-7f3a;;",
                "required canary-7f3a;",
                "canary-7f3a;",
                "required password=\"canary-7f3a;",
                ""
            })
    void saysWhatIsWrongWithALoginButNothingOfIt(String options) {
        String jaas = "org.apache.kafka.common.security.scram.ScramLoginModule " + options;

        assertThatThrownBy(() -> KafkaProperties.check("sasl.jaas.config", jaas))
                .isInstanceOf(BadValue.class)
                .hasMessageNotContaining("7f3a");
    }

    @Test
    void takesALoginAsKafkaReadsIt() throws BadValue {
        KafkaProperties.check("sasl.jaas.config", """
                org.apache.kafka.common.security.scram.ScramLoginModule required
                  username="belay" // who
                  password="a\\"b;c=d 'e'"
                ;
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://x\";",
                "/**/com.sun.security.auth.module.JndiLoginModule required;",
                "\"com.sun.security.auth.module.JndiLoginModule\" required;",
                ""
            })
    void refusesLoginModulesThatAreNotKafkas(String jaas) {
        assertThatThrownBy(() -> KafkaProperties.check("admin.sasl.jaas.config", jaas))
                .isInstanceOf(BadValue.class);
    }
}
