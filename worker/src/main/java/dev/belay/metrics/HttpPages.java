package dev.belay.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few pages over HTTP, for machines of the same network: GET only, no TLS, nobody is asked who they are. Two threads
/// answer; what comes while many others wait is refused.
///
/// How long a request may take and how many connections there may be are limits of the process ([HttpLimits]): who
/// sends
/// half a request keeps a thread until then.
///
/// Made open, closed once or twice.
public final class HttpPages implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPages.class);
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 16;
    private static final int IDLE_SECONDS = 30;

    /// What a page says.
    ///
    /// @param status an HTTP status
    public record Answer(int status, String contentType, String text) {}

    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    private HttpPages(HttpServer server) {
        this.server = server;
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("belay-metrics-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Opens the port and begins to answer.
    ///
    /// @param address with port 0 any free one is taken
    /// @param pages   by path, each made anew for every request
    /// @throws IOException when the port cannot be opened
    public static HttpPages open(InetSocketAddress address, Map<String, Supplier<Answer>> pages) throws IOException {
        var opened = new HttpPages(HttpServer.create(address, MOST_WAITING));
        opened.server.createContext("/", exchange -> answer(exchange, pages));
        opened.server.setExecutor(opened.threads);
        opened.server.start();
        return opened;
    }

    private static void answer(HttpExchange exchange, Map<String, Supplier<Answer>> pages) throws IOException {
        try (exchange) {
            Supplier<Answer> page = pages.get(exchange.getRequestURI().getPath());
            if (page == null) {
                send(
                        exchange,
                        plain(
                                404,
                                "there is " + pages.keySet().stream().sorted().toList()));
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, plain(405, "GET only"));
            } else {
                send(exchange, made(page));
            }
        }
    }

    private static Answer made(Supplier<Answer> page) {
        try {
            return page.get();
        } catch (RuntimeException defect) {
            LOG.warn("a page of numbers cannot be made, by a defect of ours", defect);
            return plain(500, "a defect; the log says more");
        }
    }

    /// A line of text as an answer.
    public static Answer plain(int status, String line) {
        return new Answer(status, "text/plain; charset=utf-8", line + "\n");
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
