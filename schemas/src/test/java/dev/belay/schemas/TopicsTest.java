package dev.belay.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void namesAreMadeFromThePrefix() {
        Topics topics = new Topics("acme.load");

        assertThat(topics.jobs()).isEqualTo("acme.load.jobs");
        assertThat(topics.retry(2)).isEqualTo("acme.load.jobs.retry-2");
        assertThat(topics.deadLetters()).isEqualTo("acme.load.jobs.dlq");
        assertThat(topics.events()).isEqualTo("acme.load.events");
        assertThat(topics.control()).isEqualTo("acme.load.control");
    }

    @Test
    void theNumberOfARetryTopicIsReadBack() {
        Topics topics = Topics.withDefaultPrefix();

        assertThat(topics.retryNumber("belay.jobs.retry-12")).hasValue(12);
        assertThat(topics.retryNumber("belay.jobs.retry-0")).isEmpty();
        assertThat(topics.retryNumber("belay.jobs.retry-x")).isEmpty();
        assertThat(topics.retryNumber("other.jobs.retry-1")).isEmpty();
    }

    @Test
    void aPrefixThatKafkaWouldRefuseIsRefusedWithItsValue() {
        assertThatThrownBy(() -> new Topics("a b")).hasMessageContaining("\"a b\"");
        assertThatThrownBy(() -> new Topics("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Topics("x".repeat(201))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Topics.withDefaultPrefix().retry(0)).hasMessageContaining("0");
    }
}
