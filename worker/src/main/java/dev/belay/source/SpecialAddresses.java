package dev.belay.source;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Addresses that no job may reach, by the IANA special-purpose registries for IPv4 and IPv6 (RFC 6890 and its
/// updates), the multicast and reserved blocks, and the metadata services of clouds.
///
/// The predicates of `InetAddress` are not used: they miss shared address space, benchmarking, NAT64, 6to4 and more.
/// For IPv6 the table says what is open: only 2000::/3 without the blocks below, and NAT64 of an open IPv4 address.
final class SpecialAddresses {
    private record Special(CidrBlock block, String purpose) {}

    // The first match names the purpose, so single addresses stand before the blocks they lie in.
    private static final List<Special> IPV4 = List.of(
            special("169.254.169.254/32", "a cloud metadata service"),
            special("169.254.170.2/32", "a cloud metadata service"),
            special("100.100.100.200/32", "a cloud metadata service"),
            special("192.0.0.192/32", "a cloud metadata service"),
            special("168.63.129.16/32", "a cloud metadata service"),
            special("0.0.0.0/8", "\"this network\""),
            special("10.0.0.0/8", "private"),
            special("100.64.0.0/10", "shared address space of carriers"),
            special("127.0.0.0/8", "loopback"),
            special("169.254.0.0/16", "link-local"),
            special("172.16.0.0/12", "private"),
            special("192.0.0.0/24", "protocol assignments"),
            special("192.0.2.0/24", "documentation"),
            special("192.31.196.0/24", "AS112"),
            special("192.52.193.0/24", "AMT"),
            special("192.88.99.0/24", "6to4 relay"),
            special("192.168.0.0/16", "private"),
            special("192.175.48.0/24", "AS112"),
            special("198.18.0.0/15", "benchmarking"),
            special("198.51.100.0/24", "documentation"),
            special("203.0.113.0/24", "documentation"),
            special("224.0.0.0/4", "multicast"),
            special("240.0.0.0/4", "reserved"));

    private static final List<Special> IPV6 = List.of(
            special("fd00:ec2::254/128", "a cloud metadata service"),
            special("fd20:ce::254/128", "a cloud metadata service"),
            special("::/128", "unspecified"),
            special("::1/128", "loopback"),
            special("::/96", "IPv4-compatible"),
            special("::ffff:0:0:0/96", "IPv4-translated"),
            special("64:ff9b:1::/48", "local NAT64"),
            special("100::/64", "discard"),
            special("100:0:0:1::/64", "dummy prefix"),
            special("2001::/32", "Teredo"),
            special("2001::/23", "protocol assignments"),
            special("2001:db8::/32", "documentation"),
            special("2002::/16", "6to4"),
            special("2620:4f:8000::/48", "AS112"),
            special("3ffe::/16", "6bone"),
            special("3fff::/20", "documentation"),
            special("5f00::/16", "segment routing"),
            special("fc00::/7", "unique local"),
            special("fe80::/10", "link-local"),
            special("fec0::/10", "site-local"),
            special("ff00::/8", "multicast"));

    // The JDK reads ::ffff:0:0/96 as IPv4, so a block cannot stand for it.
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    private static final CidrBlock NAT64 = CidrBlock.of("64:ff9b::/96");
    private static final CidrBlock GLOBAL_UNICAST = CidrBlock.of("2000::/3");

    private SpecialAddresses() {}

    /// What an address is for, if jobs may not reach it.
    ///
    /// @param address 4 or 16 bytes in network order
    static Optional<String> purposeOf(byte[] address) {
        if (address.length == 4) {
            return listed(IPV4, address);
        }
        boolean mapped = Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        if (mapped || NAT64.contains(address)) {
            return listed(IPV4, Arrays.copyOfRange(address, 12, 16)).map(purpose -> purpose + " inside IPv6");
        }
        return listed(IPV6, address)
                .or(() -> GLOBAL_UNICAST.contains(address) ? Optional.empty() : Optional.of("reserved"));
    }

    /// Every block of the table, for tests.
    static List<CidrBlock> blocks() {
        return Stream.concat(IPV4.stream(), IPV6.stream()).map(Special::block).toList();
    }

    private static Optional<String> listed(List<Special> table, byte[] address) {
        return table.stream()
                .filter(special -> special.block().contains(address))
                .map(Special::purpose)
                .findFirst();
    }

    private static Special special(String block, String purpose) {
        return new Special(CidrBlock.of(block), purpose);
    }
}
