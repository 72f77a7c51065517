package dev.belay.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Finds the addresses of a name. Here so that tests need no name server.
@FunctionalInterface
interface Resolver {
    /// @return at least one address
    /// @throws UnknownHostException when there is none
    List<InetAddress> addressesOf(String name) throws UnknownHostException;

    /// The system's resolver.
    static Resolver system() {
        return name -> List.of(InetAddress.getAllByName(name));
    }
}
