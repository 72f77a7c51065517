package dev.belay.source;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/// An HTTP client that can reach one host at given addresses and does nothing by itself: no redirects, retries,
/// decompression, cookies, credentials, proxies or connection reuse.
final class PinnedClient {
    /// Stands for the request's URI until its path is set: paths go onto the wire as they were checked.
    static final URI ROOT = URI.create("/");

    /// Longest header line and most headers that are read.
    static final int MAX_HEADER_LINE = 16 * 1024;

    static final int MAX_HEADERS = 200;

    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxLineLength(MAX_HEADER_LINE)
            .setMaxHeaderCount(MAX_HEADERS)
            .setMaxEmptyLineCount(10)
            .build();

    private PinnedClient() {}

    static CloseableHttpClient to(
            HttpUrl url, List<InetAddress> addresses, HttpSettings settings, Supplier<SSLContext> tls) {
        Timeout timeout = Timeout.of(settings.timeout());
        Timeout connectTimeout = Timeout.of(settings.connectTimeout());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(pinned(url.host(), addresses))
                .setMaxConnTotal(1)
                .setMaxConnPerRoute(1)
                .setDefaultSocketConfig(
                        SocketConfig.custom().setSoTimeout(timeout).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connectTimeout)
                        .setSocketTimeout(timeout)
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(LIMITS)
                        // The client's own parser passes over lines that are no status line; this one does not.
                        .responseParserFactory(new DefaultHttpResponseParserFactory(LIMITS))
                        .build());
        if (url.secure()) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(
                    tls.get(), HostnameVerificationPolicy.BOTH, HttpsSupport.getDefaultHostnameVerifier()));
        }
        return HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(timeout)
                        .setConnectionRequestTimeout(connectTimeout)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setDefaultHeaders(List.of(new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "identity")))
                .setUserAgent("Belay")
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .build();
    }

    private static DnsResolver pinned(String host, List<InetAddress> addresses) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String name) throws UnknownHostException {
                if (!name.equals(host)) {
                    throw new UnknownHostException(name + " was not checked");
                }
                return addresses.toArray(InetAddress[]::new);
            }

            @Override
            public String resolveCanonicalHostname(String name) {
                return name;
            }
        };
    }
}
