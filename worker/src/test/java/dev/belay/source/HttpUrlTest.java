package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// N02, N03, N15 to N17 of the hostile inputs: what is a URL, and what is refused before any look-up.
final class HttpUrlTest {
    record Refused(String url, FailureCode code) {}

    static List<Refused> refused() {
        return List.of(
                // Addresses that some programs read differently
                new Refused("http://0177.0.0.1/", FailureCode.URL_INVALID_HOST),
                new Refused("http://0x7f.1/", FailureCode.URL_INVALID_HOST),
                new Refused("http://0x7f000001/", FailureCode.URL_INVALID_HOST),
                new Refused("http://0X7F000001/", FailureCode.URL_INVALID_HOST),
                new Refused("http://017700000001/", FailureCode.URL_INVALID_HOST),
                new Refused("http://8.8.2056/", FailureCode.URL_INVALID_HOST),
                new Refused("http://134744072/", FailureCode.URL_INVALID_HOST),
                new Refused("http://4294967296/", FailureCode.URL_INVALID_HOST),
                new Refused("http://99999999999999999999/", FailureCode.URL_INVALID_HOST),
                new Refused("http://1.2.3.4.5/", FailureCode.URL_INVALID_HOST),
                new Refused("http://1.2.3.256/", FailureCode.URL_INVALID_HOST),
                new Refused("http://8.8.8.8./", FailureCode.URL_INVALID_HOST),
                new Refused("http://foo.0x7f/", FailureCode.URL_INVALID_HOST),
                new Refused("http://[::ffff:0177.0.0.1]/", FailureCode.URL_INVALID_HOST),
                new Refused("http://[2600::1%25eth0]/", FailureCode.URL_INVALID_HOST),
                new Refused("http://[1.2.3.4]/", FailureCode.URL_INVALID_HOST),
                new Refused("http://[::g]/", FailureCode.URL_INVALID_HOST),
                new Refused("http://[]/", FailureCode.URL_INVALID_HOST),
                new Refused("http://2130706433/", FailureCode.URL_FORBIDDEN_ADDRESS),
                new Refused("http://127.1/", FailureCode.URL_FORBIDDEN_ADDRESS),
                new Refused("http://0/", FailureCode.URL_FORBIDDEN_ADDRESS),
                new Refused("http://2852039166/", FailureCode.URL_FORBIDDEN_ADDRESS),
                new Refused("http://10.1/", FailureCode.URL_FORBIDDEN_ADDRESS),
                new Refused("http://[fe80::1%eth0]/", FailureCode.URL_FORBIDDEN_ADDRESS),
                // Credentials
                new Refused("http://user:secret@host/", FailureCode.URL_USERINFO),
                new Refused("https://secret@host/x.csv?secret", FailureCode.URL_USERINFO),
                new Refused("http://@host/", FailureCode.URL_USERINFO),
                // More than one reading
                new Refused("http://evil.com#@good.com", FailureCode.URL_INVALID),
                new Refused("http://good.com\\@evil.com/", FailureCode.URL_INVALID),
                new Refused("http://good.com/\\..\\x", FailureCode.URL_INVALID),
                new Refused("http://good.com/a b", FailureCode.URL_INVALID),
                new Refused("http://good.com/a\r\nX-Evil: 1", FailureCode.URL_INVALID),
                new Refused("http://good.com/?a\nsecret", FailureCode.URL_INVALID),
                new Refused("http://good\t.com/", FailureCode.URL_INVALID),
                new Refused("http://good.com/\u0000", FailureCode.URL_INVALID),
                new Refused("http://good.com/ä", FailureCode.URL_INVALID),
                new Refused("http://good.com/100%", FailureCode.URL_INVALID),
                new Refused("http:good.com/", FailureCode.URL_INVALID),
                new Refused("http:/good.com/", FailureCode.URL_INVALID),
                new Refused("http:user:secret@good.com/", FailureCode.URL_INVALID),
                new Refused("http://good.com/" + "a".repeat(9000), FailureCode.URL_INVALID),
                // Hosts that are no plain names
                new Refused("http:///path", FailureCode.URL_INVALID_HOST),
                new Refused("http://①②⑦.⓪.⓪.①/", FailureCode.URL_INVALID_HOST),
                new Refused("http://exаmple.com/", FailureCode.URL_INVALID_HOST),
                new Refused("http://１２７.0.0.1/", FailureCode.URL_INVALID_HOST),
                new Refused("http://bücher.example/", FailureCode.URL_INVALID_HOST),
                new Refused("http://good。com/", FailureCode.URL_INVALID_HOST),
                new Refused("http://%6c%6fcalhost/", FailureCode.URL_INVALID_HOST),
                new Refused("http://good.com./", FailureCode.URL_INVALID_HOST),
                new Refused("http://-good.com/", FailureCode.URL_INVALID_HOST),
                new Refused("http://a..b/", FailureCode.URL_INVALID_HOST),
                new Refused("http://a,b/", FailureCode.URL_INVALID_HOST),
                new Refused("http://" + "a".repeat(64) + ".com/", FailureCode.URL_INVALID_HOST),
                // Ports
                new Refused("http://good.com:/", FailureCode.URL_PORT),
                new Refused("http://good.com:0/", FailureCode.URL_PORT),
                new Refused("http://good.com:65536/", FailureCode.URL_PORT),
                new Refused("http://good.com:080/", FailureCode.URL_PORT),
                new Refused("http://good.com:80:80/", FailureCode.URL_PORT));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatCanBeUnderstoodInMoreThanOneWay(Refused refused) {
        JobFailure failed = catchThrowableOfType(JobFailure.class, () -> HttpUrl.of(refused.url()));

        assertThat(failed).as("accepted").isNotNull();
        assertThat(failed.failure().code()).as(failed.getMessage()).isEqualTo(refused.code());
        assertThat(failed.failure().kind()).isEqualTo("Permanent");
        assertThat(failed.getMessage()).doesNotContain("secret").hasSizeLessThan(400);
        assertThat(failed.failure().message().chars()).noneMatch(Character::isISOControl);
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com,                    http://example.com/,             /,              80",
        "HTTP://EXAMPLE.com:80/A,               http://example.com/A,            /A,             80",
        "https://example.com?q=1,               https://example.com/?…,          /?q=1,          443",
        "https://example.com:8443/a/../b,       https://example.com:8443/a/../b, /a/../b,        8443",
        "http://example.com/a#frag@ment,        http://example.com/a,            /a,             80",
        "http://xn--bcher-kva.example/,         http://xn--bcher-kva.example/,   /,              80",
        "http://my_host.example/%41?x[0]=a|b,   http://my_host.example/%41?…,    /%41?x[0]=a|b,  80",
        "http://8.8.8.8/,                       http://8.8.8.8/,                 /,              80",
        "http://[2600::1]:81/,                  http://[2600:0:0:0:0:0:0:1]:81/, /,              81",
        "http://[::FFFF:8.8.8.8]/,              http://8.8.8.8/,                 /,              80"
    })
    void readsPlainUrls(String url, String shown, String target, int port) throws Exception {
        HttpUrl parsed = HttpUrl.of(url);

        assertThat(parsed.shown()).isEqualTo(shown);
        assertThat(parsed.target()).isEqualTo(target);
        assertThat(parsed.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "http://other/x,  http://other/x",
        "HTTPS://other,   https://other/",
        "//other/x,       https://other/x",
        "/x/y,            https://example.com/x/y",
        "x,               https://example.com/a/x",
        "./x/./y,         https://example.com/a/x/y",
        "../x,            https://example.com/x",
        "../../../x,      https://example.com/x",
        "..,              https://example.com/",
        "?z=1,            https://example.com/a/b",
        "#here,           https://example.com/a/b"
    })
    void followsLocationsAsTheStandardSays(String location, String expected) throws Exception {
        HttpUrl next = HttpUrl.of("https://example.com/a/b?q=1").redirected(location);

        assertThat(next.shown().replace("?…", "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://x/", "gopher://x", "jar:http://x!/y", "javascript:alert(1)"})
    void followsNoLocationWithAnotherScheme(String location) throws Exception {
        HttpUrl from = HttpUrl.of("http://example.com/");

        JobFailure failed = catchThrowableOfType(JobFailure.class, () -> from.redirected(location));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.URL_SCHEME);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a/air.csv?x=b.csv, air.csv",
        "http://h/gr%C3%B6%C3%9Fe.csv, größe.csv",
        "http://h/%ff, ''",
        "http://h/a/, ''"
    })
    void knowsItsFileName(String url, String name) throws Exception {
        assertThat(HttpUrl.of(url).lastSegment()).isEqualTo(name);
    }
}
