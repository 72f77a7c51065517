package dev.belay.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/// A server that says byte for byte what a test wants said, on a loopback address. Every connection serves one
/// request.
final class LoopbackServer implements AutoCloseable {
    /// What to say to a request.
    @FunctionalInterface
    interface Script {
        /// @param request the head as it came, from its first line to the empty one
        void play(String request, Wire wire) throws IOException;
    }

    /// The way back to the client.
    record Wire(OutputStream out, CountDownLatch closed) {
        Wire send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Wire send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            return this;
        }

        /// Keeps the connection open, silently, until the server is closed.
        void hang() {
            try {
                closed.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        /// Says the same again and again, until the client or the server has had enough.
        void drip(String text) throws IOException {
            try {
                while (!closed.await(20, TimeUnit.MILLISECONDS)) {
                    send(text);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private LoopbackServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    static LoopbackServer saying(Script script) {
        return on("127.0.0.1", 0, ServerSocketFactory.getDefault(), script);
    }

    static LoopbackServer saying(String response) {
        return saying((request, wire) -> wire.send(response));
    }

    static LoopbackServer on(String address, int port, ServerSocketFactory sockets, Script script) {
        try {
            ServerSocket listener = sockets.createServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            var server = new LoopbackServer(listener, script);
            Thread.ofPlatform().daemon().name("loopback-server").start(server::accept);
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    int port() {
        return listener.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /// The heads of all requests so far.
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            } catch (IOException over) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            String request = head(connection.getInputStream());
            requests.add(request);
            script.play(request, new Wire(connection.getOutputStream(), closed));
        } catch (IOException clientGone) {
            // The client's side of the story is what the test looks at.
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client closed the connection");
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
