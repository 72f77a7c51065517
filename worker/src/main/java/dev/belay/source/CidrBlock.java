package dev.belay.source;

import java.net.InetAddress;
import java.util.Arrays;

/// A block of addresses of one family, RFC 4632 and RFC 4291 §2.3.
///
/// @param network the first address
/// @param prefix  leading bits that are fixed
record CidrBlock(InetAddress network, int prefix) {
    CidrBlock {
        int bits = network.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix length " + prefix + " is not between 0 and " + bits);
        }
        if (!Arrays.equals(masked(network.getAddress(), prefix), network.getAddress())) {
            throw new IllegalArgumentException(
                    network.getHostAddress() + "/" + prefix + " has bits set behind its prefix");
        }
    }

    /// @param text such as `10.0.0.0/8` or `fc00::/7`
    /// @throws IllegalArgumentException when it is something else, or names no whole block
    static CidrBlock of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not an address block such as 10.0.0.0/8");
        }
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return new CidrBlock(InetAddress.ofLiteral(text.substring(0, slash)), prefix);
    }

    /// Whether an address lies inside, given as 4 or 16 bytes; never across families.
    boolean contains(byte[] address) {
        byte[] start = network.getAddress();
        return address.length == start.length && Arrays.equals(masked(address, prefix), start);
    }

    private static byte[] masked(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int at = 0; at < masked.length; at++) {
            int fixedBits = Math.clamp(prefix - 8L * at, 0, 8);
            masked[at] &= (byte) (0xff << (8 - fixedBits));
        }
        return masked;
    }
}
