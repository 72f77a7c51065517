package dev.belay.source;

import dev.belay.job.JobFailure;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// What the installation exempts from the address guard: hosts, hosts with a port, blocks of addresses.
///
/// @param origins hosts on one port, which they open
/// @param hosts   hosts on whatever port is open
/// @param blocks  addresses
record AllowList(List<Origin> origins, List<String> hosts, List<CidrBlock> blocks) {
    /// @param host as [HttpUrl#host()] has it
    record Origin(String host, int port) {}

    AllowList {
        origins = List.copyOf(origins);
        hosts = List.copyOf(hosts);
        blocks = List.copyOf(blocks);
    }

    /// @throws IllegalArgumentException naming the entry that is none of the three
    static AllowList of(List<String> entries) {
        var origins = new ArrayList<Origin>();
        var hosts = new ArrayList<String>();
        var blocks = new ArrayList<CidrBlock>();
        for (String entry : entries) {
            if (entry.contains("/")) {
                blocks.add(block(entry));
                continue;
            }
            boolean bareIpv6 = !entry.startsWith("[") && entry.indexOf(':') != entry.lastIndexOf(':');
            HttpUrl written = parsed(entry, bareIpv6 ? "[" + entry + "]" : entry);
            if (!bareIpv6 && entry.matches(".*:[0-9]+")) {
                origins.add(new Origin(written.host(), written.port()));
            } else {
                hosts.add(written.host());
            }
        }
        return new AllowList(origins, hosts, blocks);
    }

    /// Whether the URL's host is exempt by its name.
    boolean names(HttpUrl url) {
        return hosts.contains(url.host()) || opensPort(url);
    }

    /// Whether the URL's host is listed with the URL's port.
    boolean opensPort(HttpUrl url) {
        return origins.contains(new Origin(url.host(), url.port()));
    }

    /// Whether an address is exempt whoever resolves to it.
    boolean covers(InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address.getAddress()));
    }

    private static CidrBlock block(String entry) {
        try {
            return CidrBlock.of(entry);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("source.http.allow: \"%s\": %s".formatted(entry, wrong.getMessage()));
        }
    }

    private static HttpUrl parsed(String entry, String authority) {
        try {
            return HttpUrl.of("http://" + authority + "/");
        } catch (JobFailure wrong) {
            throw new IllegalArgumentException(
                    "source.http.allow: \"%s\" is not a host, host:port or address block".formatted(entry), wrong);
        }
    }
}
