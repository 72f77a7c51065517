package dev.belay.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.kit.Scrape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HttpPagesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static HttpPages open() throws IOException {
        return HttpPages.open(
                ANY_PORT,
                Map.of(
                        "/metrics",
                        () -> new HttpPages.Answer(200, TextPage.CONTENT_TYPE, "it 1\n"),
                        "/health",
                        () -> HttpPages.plain(503, "not yet"),
                        "/broken",
                        () -> {
                            throw new IllegalStateException("planned");
                        }));
    }

    private static URI at(HttpPages pages, String path) {
        return URI.create("http://127.0.0.1:" + pages.address().getPort() + path);
    }

    @Test
    void answersGetWithThePage() throws Exception {
        try (HttpPages pages = open()) {
            HttpResponse<String> metrics = Scrape.get(at(pages, "/metrics?name[]=it"));
            HttpResponse<String> health = Scrape.get(at(pages, "/health"));

            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(metrics.headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(metrics.body()).isEqualTo("it 1\n");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).isEqualTo("not yet\n");
        }
    }

    @Test
    void refusesEverythingElse() throws Exception {
        try (HttpPages pages = open();
                HttpClient client = HttpClient.newHttpClient()) {
            for (String path : new String[] {"/", "/metrics/", "/metricsx", "/../etc/passwd"}) {
                assertThat(Scrape.get(at(pages, path)).statusCode()).as(path).isEqualTo(404);
            }
            for (String method : new String[] {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "MOVE"}) {
                HttpResponse<String> refused = client.send(
                        HttpRequest.newBuilder(at(pages, "/metrics"))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(refused.statusCode()).as(method).isEqualTo(405);
                assertThat(refused.headers().firstValue("allow")).contains("GET");
            }
        }
    }

    @Test
    void aPageThatBreaksIsAnAnswerToo() throws Exception {
        try (HttpPages pages = open()) {
            assertThat(Scrape.get(at(pages, "/broken")).statusCode()).isEqualTo(500);
            assertThat(Scrape.get(at(pages, "/metrics")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void takesNoPortThatIsTaken() throws Exception {
        try (HttpPages pages = open()) {
            var taken = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), pages.address().getPort());

            assertThatThrownBy(() -> HttpPages.open(taken, Map.of())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void isClosedTwice() throws Exception {
        HttpPages pages = open();
        URI metrics = at(pages, "/metrics");

        pages.close();
        pages.close();

        assertThatThrownBy(() -> Scrape.get(metrics)).isInstanceOf(IOException.class);
    }
}
