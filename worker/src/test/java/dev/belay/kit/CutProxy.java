package dev.belay.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A TCP proxy before a server, which cuts one connection at a chosen request. What a client sends at once is a
/// request; those of all connections are counted together.
public final class CutProxy implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    // The tag of the server's answer, with the zero it ends with.
    private static final String COMMITTED = "COMMIT\0";

    private final InetSocketAddress server;
    private final ServerSocket door;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    // Guarded by this.
    private Moment moment = Moment.BEFORE;
    private long left = Long.MAX_VALUE;
    private long commitsLeft = Long.MAX_VALUE;
    private boolean cut;

    /// When a connection is cut.
    public enum Moment {
        /// The server never sees the request.
        BEFORE,
        /// The server has answered, and the client never hears of it.
        AFTER
    }

    private CutProxy(InetSocketAddress server, ServerSocket door) {
        this.server = server;
        this.door = door;
    }

    /// Begins to listen, before the server of a URL `jdbc:postgresql://HOST:PORT/DATABASE`.
    public static CutProxy before(String url) {
        URI address = URI.create(url.substring("jdbc:".length()));
        try {
            var proxy = new CutProxy(
                    new InetSocketAddress(address.getHost(), address.getPort()),
                    new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The URL with this proxy for its host and port.
    public String instead(String url) {
        return "jdbc:postgresql://localhost:" + door.getLocalPort() + url.substring(url.lastIndexOf('/'));
    }

    /// Cuts the connection of the nth request from now, once.
    ///
    /// @param nth from 1
    public synchronized void cutAt(Moment at, int nth) {
        moment = at;
        left = nth;
        commitsLeft = Long.MAX_VALUE;
        cut = false;
    }

    /// Cuts the connection on which the server says for the nth time from now that it has committed, before
    /// the client hears of it, once. Unlike requests, commits are as many each time, whatever connections a
    /// pool opens meanwhile.
    ///
    /// @param nth from 1
    public synchronized void cutAtCommit(int nth) {
        left = Long.MAX_VALUE;
        commitsLeft = nth;
        cut = false;
    }

    /// Cuts nothing any more.
    ///
    /// @return whether it came to the cut
    public synchronized boolean disarm() {
        left = Long.MAX_VALUE;
        commitsLeft = Long.MAX_VALUE;
        return cut;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                var there = new Socket();
                open.add(client);
                open.add(there);
                there.connect(server);
                var connection = new Connection(client, there);
                Thread.ofVirtual().start(connection::requests);
                Thread.ofVirtual().start(connection::answers);
            } catch (IOException closedOrRefused) {
                // The client sees it.
            }
        }
    }

    /// @return the moment of this request's cut, if it is the one
    private synchronized boolean isTheOne(Moment at) {
        if (moment == at && left == 0) {
            left = Long.MAX_VALUE;
            cut = true;
            return true;
        }
        return false;
    }

    private synchronized boolean isTheCommit(byte[] answer, int size) {
        if (commitsLeft == Long.MAX_VALUE
                || !new String(answer, 0, size, StandardCharsets.ISO_8859_1).contains(COMMITTED)) {
            return false;
        }
        commitsLeft--;
        if (commitsLeft > 0) {
            return false;
        }
        commitsLeft = Long.MAX_VALUE;
        cut = true;
        return true;
    }

    private synchronized void count() {
        left--;
    }

    private final class Connection {
        private final Socket client;
        private final Socket there;

        Connection(Socket client, Socket there) {
            this.client = client;
            this.there = there;
        }

        void requests() {
            try {
                byte[] buffer = new byte[BUFFER];
                InputStream from = client.getInputStream();
                for (int size = from.read(buffer); size >= 0; size = from.read(buffer)) {
                    count();
                    if (isTheOne(Moment.BEFORE)) {
                        break;
                    }
                    there.getOutputStream().write(buffer, 0, size);
                }
            } catch (IOException gone) {
                // Both ends are closed below.
            }
            close();
        }

        void answers() {
            try {
                byte[] buffer = new byte[BUFFER];
                InputStream from = there.getInputStream();
                for (int size = from.read(buffer); size >= 0; size = from.read(buffer)) {
                    if (isTheOne(Moment.AFTER) || isTheCommit(buffer, size)) {
                        break;
                    }
                    client.getOutputStream().write(buffer, 0, size);
                }
            } catch (IOException gone) {
                // Both ends are closed below.
            }
            close();
        }

        private void close() {
            closeQuietly(client);
            closeQuietly(there);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed, then.
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        open.forEach(CutProxy::closeQuietly);
    }
}
