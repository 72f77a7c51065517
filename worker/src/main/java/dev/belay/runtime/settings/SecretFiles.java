package dev.belay.runtime.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Secrets that lie in files of their own, as containers are given them: `KEY.file` names the file whose content is the
/// value of `KEY`, for every key whose value is a secret. One line end at the end of the file is no part of it.
final class SecretFiles {
    private static final String SUFFIX = ".file";
    private static final int LARGEST = 64 * 1024;

    private final Path workingFolder;
    private final Problems problems;

    SecretFiles(Path workingFolder, Problems problems) {
        this.workingFolder = workingFolder;
        this.problems = problems;
    }

    /// The secret whose file a key names; empty when it is another kind of key. Kafka has properties of its own that
    /// end like this.
    static Optional<String> secretOf(String key) {
        if (!key.endsWith(SUFFIX) || KafkaProperties.mayBeSet(key)) {
            return Optional.empty();
        }
        String secret = key.substring(0, key.length() - SUFFIX.length());
        return Secrets.named(secret) ? Optional.of(secret) : Optional.empty();
    }

    static String keyOfFile(String secret) {
        return secret + SUFFIX;
    }

    /// Whether two values of one key were written in the same place, one of them as a file.
    static boolean contradict(Origin one, Origin other) {
        return (one instanceof Origin.SecretFile || other instanceof Origin.SecretFile)
                && layer(one).equals(layer(other));
    }

    private static Class<?> layer(Origin origin) {
        return origin instanceof Origin.SecretFile(Path _, Origin namedBy) ? layer(namedBy) : origin.getClass();
    }

    /// The secret in the file that was named; empty when there is none, which is a problem then. Nothing of what the
    /// file holds is ever part of a message.
    Optional<Written> read(String secret, Written named) {
        try {
            Path file = workingFolder.resolve(Path.of(named.single()));
            return Optional.of(new Written(
                    List.of(content(file)), false, new Origin.SecretFile(file.normalize(), named.origin())));
        } catch (BadValue wrong) {
            problem(secret, named, String.valueOf(wrong.getMessage()));
        } catch (InvalidPathException noPath) {
            problem(secret, named, "is not a path");
        } catch (NoSuchFileException missing) {
            problem(secret, named, "does not exist");
        } catch (CharacterCodingException binary) {
            problem(secret, named, "is not text in UTF-8");
        } catch (IOException unreadable) {
            problem(
                    secret,
                    named,
                    "cannot be read: %s".formatted(unreadable.getClass().getSimpleName()));
        }
        return Optional.empty();
    }

    private static String content(Path file) throws IOException, BadValue {
        if (Files.isDirectory(file)) {
            throw new BadValue("is a folder");
        }
        byte[] bytes;
        try (InputStream content = Files.newInputStream(file)) {
            // It may be a device or a pipe, which has no size.
            bytes = content.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new BadValue("is larger than " + SizeText.format(LARGEST));
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        String secret = text.replaceFirst("\\r?\\n\\z", "");
        if (secret.isBlank()) {
            throw new BadValue("is empty");
        }
        return secret;
    }

    private void problem(String secret, Written named, String what) {
        problems.add("%s: the file \"%s\" (%s) %s"
                .formatted(
                        keyOfFile(secret),
                        KnownKeys.shown(String.join(",", named.items())),
                        named.origin().text(),
                        what));
    }
}
