package dev.belay.runtime.settings;

import java.nio.file.Path;

/// Where a setting's value came from.
public sealed interface Origin {
    /// In a few words, for people.
    String text();

    /// Nobody said otherwise.
    record Default() implements Origin {
        @Override
        public String text() {
            return "default";
        }
    }

    /// @param line counted from 1
    record ConfigFile(Path file, int line) implements Origin {
        @Override
        public String text() {
            return file + ":" + line;
        }
    }

    /// @param variable the environment variable's name
    record Environment(String variable) implements Origin {
        @Override
        public String text() {
            return variable;
        }
    }

    /// A secret's own file.
    ///
    /// @param namedBy where the file's name was written
    record SecretFile(Path file, Origin namedBy) implements Origin {
        @Override
        public String text() {
            return "%s, which %s names".formatted(file, namedBy.text());
        }
    }

    /// A flag of the command line.
    record CommandLine() implements Origin {
        @Override
        public String text() {
            return "command line";
        }
    }
}
