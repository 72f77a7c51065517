package dev.belay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever lies in a listed block is refused, however it is written and whoever resolves to it.
final class SpecialAddressesTest {
    private static final AddressGuard GUARD = new AddressGuard(HttpSettings.defaults(), Fixture.always("8.8.8.8"));

    @Property(tries = 2000)
    void refusesEveryAddressOfEveryListedBlockInEveryNotation(@ForAll("listed") byte[] address) {
        for (String host : notations(address)) {
            JobFailure failed = refusal(host);

            assertThat(failed).as("accepted: " + host).isNotNull();
            assertThat(failed.failure().code())
                    .as(host)
                    .isIn(FailureCode.URL_FORBIDDEN_ADDRESS, FailureCode.URL_INVALID_HOST);
        }
    }

    @Property(tries = 1000)
    void refusesANameAsSoonAsOneOfItsAddressesIsListed(@ForAll("listed") byte[] address) throws Exception {
        InetAddress bad = InetAddress.getByAddress(address);
        InetAddress good = InetAddress.ofLiteral("8.8.8.8");
        for (List<InetAddress> answer : List.of(List.of(bad), List.of(good, bad), List.of(bad, good))) {
            var guard = new AddressGuard(HttpSettings.defaults(), name -> answer);

            JobFailure failed =
                    catchThrowableOfType(JobFailure.class, () -> guard.vetted(HttpUrl.of("https://example.com/")));

            assertThat(failed).as(bad.getHostAddress()).isNotNull();
            assertThat(failed.failure().code()).isEqualTo(FailureCode.URL_FORBIDDEN_ADDRESS);
        }
    }

    @Property(tries = 1000)
    void refusesEveryIpv6AddressOutsideGlobalUnicast(@ForAll("outsideGlobalUnicast") byte[] address) {
        assertThat(SpecialAddresses.purposeOf(address)).isPresent();
    }

    @Provide
    Arbitrary<byte[]> listed() {
        return Arbitraries.of(SpecialAddresses.blocks())
                .flatMap(block -> bytes(block.network().getAddress().length).map(random -> inside(block, random)));
    }

    @Provide
    Arbitrary<byte[]> outsideGlobalUnicast() {
        // NAT64 and mapped addresses are judged by the IPv4 address inside; random bits do not meet them.
        return bytes(16).filter(address -> (address[0] & 0xe0) != 0x20 && address[0] != 0);
    }

    private static Arbitrary<byte[]> bytes(int length) {
        return Arbitraries.bytes().array(byte[].class).ofSize(length);
    }

    private static byte[] inside(CidrBlock block, byte[] random) {
        byte[] address = block.network().getAddress();
        for (int bit = block.prefix(); bit < address.length * 8; bit++) {
            address[bit / 8] |= (byte) (random[bit / 8] & (0x80 >> (bit % 8)));
        }
        assertThat(block.contains(address)).isTrue();
        return address;
    }

    private static List<String> notations(byte[] address) {
        return address.length == 4 ? notations4(address) : notations6(address);
    }

    private static List<String> notations4(byte[] address) {
        int[] part = IntStream.range(0, 4).map(at -> address[at] & 0xff).toArray();
        long whole = (long) part[0] << 24 | part[1] << 16 | part[2] << 8 | part[3];
        String dotted = "%d.%d.%d.%d".formatted(part[0], part[1], part[2], part[3]);
        String high = "%02x%02x:%02x%02x".formatted(part[0], part[1], part[2], part[3]);
        return List.of(
                dotted,
                dotted + ".",
                Long.toString(whole),
                "0x%08x".formatted(whole),
                "0%o".formatted(whole),
                "%d.%d".formatted(part[0], whole & 0xffffff),
                "%d.%d.%d".formatted(part[0], part[1], whole & 0xffff),
                "0%o.0%o.0%o.0%o".formatted(part[0], part[1], part[2], part[3]),
                "0x%x.0x%x.0x%x.0x%x".formatted(part[0], part[1], part[2], part[3]),
                "[::ffff:" + dotted + "]",
                "[::ffff:" + high + "]",
                "[0:0:0:0:0:FFFF:" + dotted + "]",
                "[::" + dotted + "]",
                "[::" + high + "]",
                "[64:ff9b::" + dotted + "]",
                "[64:ff9b::" + high + "]",
                "[2002:" + high + "::1]",
                "[::ffff:0:" + high + "]");
    }

    private static List<String> notations6(byte[] address) {
        String full = IntStream.range(0, 8)
                .mapToObj(at -> "%02x%02x".formatted(address[2 * at], address[2 * at + 1]))
                .reduce((left, right) -> left + ":" + right)
                .orElseThrow();
        String canonical = canonical(address);
        var notations = new ArrayList<String>();
        Stream.of(full, full.toUpperCase(Locale.ROOT), canonical)
                .flatMap(text -> Stream.of("[" + text + "]", "[" + text + "%1]", "[" + text + "%25eth0]"))
                .forEach(notations::add);
        return notations;
    }

    private static String canonical(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress().replaceFirst("(^|:)0:0:", "::");
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JobFailure refusal(String host) {
        return catchThrowableOfType(JobFailure.class, () -> GUARD.vetted(HttpUrl.of("http://" + host + "/")));
    }
}
