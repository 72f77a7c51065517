package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Walks over the members of the first object of a text and finds those that may hold the rows.
final class JsonMembers {
    private static final int MOST = 100;

    private final JsonBytes in;
    private final JsonTokens tokens;

    /// @param spot where its value begins
    record Member(String name, JsonBytes.Spot spot) {}

    /// @param tables  the members that are filled arrays of objects, the first of them
    /// @param chosen  the member the job names, if it is an array
    /// @param members how many there are
    /// @param objects how many of them are objects
    record Found(List<Member> tables, Optional<Member> chosen, int members, int objects) {}

    JsonMembers(JsonBytes in, JsonTokens tokens) {
        this.in = in;
        this.tokens = tokens;
    }

    /// Reads the object that begins here to its end.
    Found read(Optional<String> wanted) throws JsonSyntax, JobFailure, IOException {
        List<Member> tables = new ArrayList<>();
        Optional<Member> chosen = Optional.empty();
        int members = 0;
        int objects = 0;
        tokens.expect('{', "\"{\"");
        if (!tokens.isEmpty('}')) {
            do {
                tokens.key();
                String name = new String(tokens.bytes(), 0, tokens.length(), StandardCharsets.UTF_8);
                boolean array = in.peekPastBlanks() == '[';
                var member = new Member(name, in.spot());
                members++;
                objects += in.peek() == '{' ? 1 : 0;
                if (array && wanted.filter(name::equals).isPresent()) {
                    chosen = Optional.of(member);
                }
                boolean table = array ? isTable() : isOther();
                if (table && tables.size() < MOST) {
                    tables.add(member);
                }
            } while (tokens.more('}'));
        }
        return new Found(tables, chosen, members, objects);
    }

    private boolean isOther() throws JsonSyntax, JobFailure, IOException {
        tokens.value(1);
        return false;
    }

    private boolean isTable() throws JsonSyntax, JobFailure, IOException {
        tokens.expect('[', "\"[\"");
        if (tokens.isEmpty(']')) {
            return false;
        }
        boolean objects = true;
        do {
            objects &= tokens.value(2) == JsonTokens.Kind.OBJECT;
        } while (tokens.more(']'));
        return objects;
    }
}
