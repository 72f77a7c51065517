package dev.belay.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestBrokers.class)
final class TestBrokersTest {
    @Test
    void handsOutABrokerThatAnswers(TestBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var nodes = admin.describeCluster().nodes().get(30, TimeUnit.SECONDS);

            assertThat(nodes).hasSize(1);
        }
    }

    @Test
    void handsOutTheSameBrokerToEveryTest(TestBroker one, TestBroker other) {
        assertThat(one).isSameAs(other);
    }
}
