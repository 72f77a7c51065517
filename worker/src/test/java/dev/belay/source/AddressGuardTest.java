package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// N01, N04 to N08, N18 of the hostile inputs, and what an exemption opens. No network: names are resolved by a
/// table.
final class AddressGuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[::]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "169.254.169.254",
                "[fd00:ec2::254]",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "10.1.2.3",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.1",
                "198.19.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "224.0.0.1",
                "[fe80::1]",
                "[fc00::1]",
                "[fdff::1]",
                "[2001:0:1::1]",
                "[2001:db8::1]",
                "[ff02::1]",
                "[64:ff9b:1::1]",
                "[4000::1]",
                "localhost",
                "x.localhost",
                "metadata.google.internal",
                "METADATA.goog"
            })
    void refusesSpecialAddressesAndNames(String host) {
        assertRefused(guard(settings()), "http://" + host + "/", FailureCode.URL_FORBIDDEN_ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, 8.8.8.8",
        "172.32.0.1, 172.32.0.1",
        "[2600::1], 2600::1",
        "[64:ff9b::808:808], 64:ff9b::808:808",
        "example.com, 93.184.215.14"
    })
    void letsPublicAddressesPass(String host, String address) throws Exception {
        var guard = new AddressGuard(settings(), Fixture.always("93.184.215.14"));

        assertThat(guard.vetted(HttpUrl.of("https://" + host + "/"))).containsExactly(InetAddress.ofLiteral(address));
    }

    @Test
    void refusesANameWithOnePublicAndOnePrivateAddress() {
        var guard = new AddressGuard(settings(), Fixture.always("8.8.8.8", "10.0.0.1"));

        JobFailure failed = assertRefused(guard, "http://example.com/?secret", FailureCode.URL_FORBIDDEN_ADDRESS);

        assertThat(failed.failure().message())
                .contains("http://example.com/", "private", "source.http.allow")
                .doesNotContain("10.0.0.1", "secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 25, 6379, 9092})
    void refusesPortsThatAreNotListed(int port) {
        JobFailure failed = assertRefused(guard(settings()), "http://example.com:" + port + "/", FailureCode.URL_PORT);

        assertThat(failed.failure().message()).contains(String.valueOf(port), "[80, 443]", "source.http.ports");
    }

    @Test
    void exemptsAListedHostOnListedPorts() throws Exception {
        AddressGuard guard = guard(settings("files.internal", "::1", "10.0.0.7"));

        assertThat(guard.vetted(HttpUrl.of("http://FILES.internal/"))).hasSize(1);
        assertThat(guard.vetted(HttpUrl.of("http://[0::1]/"))).hasSize(1);
        assertThat(guard.vetted(HttpUrl.of("http://10.0.0.7/"))).hasSize(1);
        assertRefused(guard, "http://other.internal/", FailureCode.URL_FORBIDDEN_ADDRESS);
        assertRefused(guard, "http://files.internal:8080/", FailureCode.URL_PORT);
        assertRefused(guard, "http://10.0.0.8/", FailureCode.URL_FORBIDDEN_ADDRESS);
    }

    @Test
    void exemptsAListedHostOnItsOwnPort() throws Exception {
        AddressGuard guard = guard(settings("files.internal:8080", "[::1]:9000"));

        assertThat(guard.vetted(HttpUrl.of("http://files.internal:8080/"))).hasSize(1);
        assertThat(guard.vetted(HttpUrl.of("http://[::1]:9000/"))).hasSize(1);
        assertRefused(guard, "http://files.internal/", FailureCode.URL_FORBIDDEN_ADDRESS);
        assertRefused(guard, "http://files.internal:8081/", FailureCode.URL_PORT);
    }

    @Test
    void exemptsAListedBlockAndNothingBesideIt() throws Exception {
        AddressGuard guard = guard(settings("10.0.0.0/30", "fc00::/7"));

        assertThat(guard.vetted(HttpUrl.of("http://10.0.0.3/"))).hasSize(1);
        assertThat(guard.vetted(HttpUrl.of("http://files.internal/"))).hasSize(1);
        assertThat(guard.vetted(HttpUrl.of("http://[fd00::1]/"))).hasSize(1);
        assertRefused(guard, "http://10.0.0.4/", FailureCode.URL_FORBIDDEN_ADDRESS);
        assertRefused(guard, "http://167772163/", FailureCode.URL_FORBIDDEN_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.1/8", "10.0.0.0/33", "host/x", "user@host", "a b", "10.1", "host:0", "::1/-1"})
    void refusesExemptionsThatAreNoHostPortOrBlock(String entry) {
        assertThatThrownBy(() -> settings(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("source.http.allow");
    }

    @Test
    void callsANameThatCannotBeResolvedTransient() {
        var guard = new AddressGuard(settings(), name -> {
            throw new UnknownHostException(name);
        });

        JobFailure failed = assertRefused(guard, "http://nowhere.example/", FailureCode.HTTP_CONNECT);

        assertThat(failed.failure().kind()).isEqualTo("Transient");
    }

    @Test
    void doesNotWaitForAResolverThatNeverAnswers() {
        var never = new CountDownLatch(1);
        var http = new HttpSettings(
                List.of(),
                Set.of(80),
                Duration.ofMillis(50),
                Fixture.HTTP.timeout(),
                Fixture.HTTP.bodyTimeout(),
                0,
                5,
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                10,
                Duration.ofSeconds(1),
                4);
        var guard = new AddressGuard(http, name -> {
            try {
                never.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(name);
        });

        JobFailure failed = assertRefused(guard, "http://slow.example/", FailureCode.HTTP_CONNECT);
        never.countDown();

        assertThat(failed.failure().message()).contains("50 ms", "source.http.connectTimeout");
    }

    private static HttpSettings settings(String... allow) {
        return Fixture.allowing(HttpSettings.defaults(), allow);
    }

    private static AddressGuard guard(HttpSettings settings) {
        return new AddressGuard(settings, Fixture.always("10.0.0.2"));
    }

    private static JobFailure assertRefused(AddressGuard guard, String url, FailureCode code) {
        JobFailure failed = catchThrowableOfType(JobFailure.class, () -> guard.vetted(HttpUrl.of(url)));
        assertThat(failed).as("accepted: " + url).isNotNull();
        assertThat(failed.failure().code()).as(failed.getMessage()).isEqualTo(code);
        return failed;
    }
}
