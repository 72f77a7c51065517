package dev.belay.source;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A host written as an address. Strict is what every program reads alike: four decimal numbers without leading zeros,
/// or IPv6 in brackets without a zone. Everything else that some resolver takes for an address is loose.
sealed interface HostLiteral {
    /// @param address what it says
    record Strict(InetAddress address) implements HostLiteral {}

    /// @param meaning the address some programs read it as, where that can be said
    record Loose(Optional<InetAddress> meaning) implements HostLiteral {}

    Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,9}");
    Pattern NUMERIC_LABEL = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
    Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]+(?:[0-9]+(?:\\.[0-9]+){3})?");

    /// Reads a host that is not in brackets.
    ///
    /// @return empty when it is a name, because its last label is no number (as in the URL standard of WHATWG)
    static Optional<HostLiteral> ofHost(String host) {
        String withoutRootDot = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String[] labels = withoutRootDot.split("\\.", -1);
        if (!NUMERIC_LABEL.matcher(labels[labels.length - 1]).matches()) {
            return Optional.empty();
        }
        Optional<InetAddress> strict = host.endsWith(".") ? Optional.empty() : dotted(labels);
        return Optional.of(strict.<HostLiteral>map(Strict::new).orElseGet(() -> new Loose(shorthand(labels))));
    }

    /// Reads what stands between the brackets.
    static HostLiteral ofBrackets(String inside) {
        int zone = inside.indexOf('%');
        String address = zone < 0 ? inside : inside.substring(0, zone);
        Optional<InetAddress> meaning = ipv6(address);
        return zone < 0 && meaning.isPresent() ? new Strict(meaning.get()) : new Loose(meaning);
    }

    private static Optional<InetAddress> ipv6(String text) {
        String tail = text.substring(text.lastIndexOf(':') + 1);
        boolean tailIsRight =
                !tail.contains(".") || dotted(tail.split("\\.", -1)).isPresent();
        if (!text.contains(":") || !IPV6.matcher(text).matches() || !tailIsRight) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> dotted(String[] labels) {
        if (labels.length != 4) {
            return Optional.empty();
        }
        for (String label : labels) {
            if (!OCTET.matcher(label).matches() || Integer.parseInt(label) > 255) {
                return Optional.empty();
            }
        }
        return Optional.of(InetAddress.ofLiteral(String.join(".", labels)));
    }

    /// `2130706433` and `127.1`: decimal parts, the last one filling the remaining bytes, as `inet_aton` reads
    /// them. Octal and hexadecimal parts are not decoded, because programs differ about them.
    private static Optional<InetAddress> shorthand(String[] labels) {
        if (labels.length > 3) {
            return Optional.empty();
        }
        long value = 0;
        for (int at = 0; at < labels.length; at++) {
            boolean last = at == labels.length - 1;
            int bytes = last ? 4 - at : 1;
            if (!DECIMAL.matcher(labels[at]).matches()) {
                return Optional.empty();
            }
            long part = Long.parseLong(labels[at]);
            if (part >= 1L << (8 * bytes)) {
                return Optional.empty();
            }
            value = value << (8 * bytes) | part;
        }
        return Optional.of(InetAddress.ofLiteral(
                "%d.%d.%d.%d".formatted(value >> 24 & 0xff, value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff)));
    }
}
