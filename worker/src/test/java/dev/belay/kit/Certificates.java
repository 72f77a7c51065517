package dev.belay.kit;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// An authority that signs certificates for the servers and clients of one test; its keys are made anew each time and
/// never leave the test's folder. The JDK makes keys and signatures, but no certificates: those are written here as
/// RFC 5280 has them, in DER.
public final class Certificates {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

    private final String name;
    private final KeyPair keys = newKeys();
    private long serial = 1;

    /// @param name of the authority
    public Certificates(String name) {
        this.name = name;
    }

    /// A key with its certificate, both in PEM.
    public record Identity(String key, String certificate) {
        /// Key and certificate in one text, as Kafka's `ssl.keystore.type=PEM` reads it.
        public String both() {
            return key + certificate;
        }
    }

    /// The authority's own certificate in PEM.
    public String authority() {
        return certificate(keys, name, List.of(), validNow(), true);
    }

    /// A server's or client's key and certificate.
    ///
    /// @param hosts names and IPv4 addresses that it is good for
    public Identity sign(String subject, String... hosts) {
        return signed(subject, validNow(), hosts);
    }

    /// The same, but good until yesterday.
    public Identity signExpired(String subject, String... hosts) {
        Instant now = Instant.now();
        return signed(subject, new Validity(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1))), hosts);
    }

    private Identity signed(String subject, Validity validity, String... hosts) {
        KeyPair own = newKeys();
        return new Identity(
                pem("PRIVATE KEY", own.getPrivate().getEncoded()),
                certificate(own, subject, List.of(hosts), validity, false));
    }

    private record Validity(Instant from, Instant to) {}

    private static Validity validNow() {
        Instant now = Instant.now();
        return new Validity(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
    }

    private String certificate(
            KeyPair subjectKeys, String subject, List<String> hosts, Validity validity, boolean authority) {
        byte[] toBeSigned = sequence(
                tagged(0xa0, integer(2)),
                integer(serial++),
                ECDSA_WITH_SHA256,
                commonName(name),
                sequence(time(validity.from()), time(validity.to())),
                commonName(subject),
                subjectKeys.getPublic().getEncoded(),
                tagged(0xa3, extensions(hosts, authority)));
        byte[] signature = signature(toBeSigned);
        return pem("CERTIFICATE", sequence(toBeSigned, ECDSA_WITH_SHA256, bits(signature)));
    }

    private byte[] signature(byte[] content) {
        try {
            var signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(keys.getPrivate());
            signing.update(content);
            return signing.sign();
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException(never);
        }
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException(never);
        }
    }

    /// Basic constraints (2.5.29.19) and, where there are hosts, subject alternative names (2.5.29.17).
    private static byte[] extensions(List<String> hosts, boolean authority) {
        byte[] constraints = authority ? sequence(tagged(0x01, new byte[] {(byte) 0xff})) : sequence();
        byte[] basic = sequence(oid(0x55, 0x1d, 0x13), tagged(0x04, constraints));
        if (hosts.isEmpty()) {
            return sequence(basic);
        }
        var names = new ArrayList<byte[]>();
        for (String host : hosts) {
            names.add(host.matches("[0-9.]+") ? tagged(0x87, address(host)) : tagged(0x82, ascii(host)));
        }
        byte[] alternatives = sequence(names.toArray(byte[][]::new));
        return sequence(basic, sequence(oid(0x55, 0x1d, 0x11), tagged(0x04, alternatives)));
    }

    private static byte[] address(String host) {
        String[] parts = host.split("\\.", -1);
        byte[] bytes = new byte[parts.length];
        for (int at = 0; at < parts.length; at++) {
            bytes[at] = (byte) Integer.parseInt(parts[at]);
        }
        return bytes;
    }

    private static byte[] commonName(String text) {
        byte[] attribute = sequence(oid(0x55, 0x04, 0x03), tagged(0x0c, text.getBytes(StandardCharsets.UTF_8)));
        return sequence(tagged(0x31, attribute));
    }

    private static byte[] time(Instant time) {
        return tagged(0x18, ascii(TIME.format(time)));
    }

    private static byte[] integer(long value) {
        return tagged(0x02, BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] bits(byte[] content) {
        return tagged(0x03, joined(new byte[] {0}, content));
    }

    private static byte[] oid(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int at = 0; at < bytes.length; at++) {
            content[at] = (byte) bytes[at];
        }
        return tagged(0x06, content);
    }

    private static byte[] sequence(byte[]... parts) {
        return tagged(0x30, joined(parts));
    }

    private static byte[] tagged(int tag, byte[] content) {
        int length = content.length;
        byte[] head;
        if (length < 0x80) {
            head = new byte[] {(byte) tag, (byte) length};
        } else if (length < 0x100) {
            head = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        } else {
            head = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return joined(head, content);
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(64, ascii("\n")).encodeToString(content);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
    }
}
