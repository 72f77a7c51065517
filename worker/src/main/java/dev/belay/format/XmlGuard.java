package dev.belay.format;

import java.io.IOException;
import java.io.InputStream;

/// Lets XML through as long as no tag, attribute, comment or run of text in it is larger than a limit: what the parser
/// would have to hold in memory whole.
final class XmlGuard extends InputStream {
    private final InputStream in;
    private final long most;
    private State state = State.TEXT;
    private long length;
    private int last;
    private int beforeLast;

    private enum State {
        TEXT,
        TAG,
        QUOTED,
        DOUBLE_QUOTED,
        COMMENT,
        CDATA
    }

    /// A piece of XML is too large.
    static final class TooLarge extends IOException {
        TooLarge(long most) {
            super("a piece of XML is larger than %,d bytes".formatted(most));
        }
    }

    XmlGuard(InputStream in, long most) {
        this.in = in;
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int size) throws IOException {
        int count = in.read(target, from, size);
        for (int at = from; at < from + count; at++) {
            State next = after(target[at]);
            boolean within = next == state || state == State.QUOTED || state == State.DOUBLE_QUOTED;
            length = within || next == State.QUOTED || next == State.DOUBLE_QUOTED ? length + 1 : 0;
            if (length > most) {
                throw new TooLarge(most);
            }
            state = next;
            beforeLast = last;
            last = target[at];
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private State after(byte one) {
        return switch (state) {
            case TEXT -> one == '<' ? State.TAG : State.TEXT;
            case TAG ->
                switch (one) {
                    case '>' -> State.TEXT;
                    case '\'' -> State.QUOTED;
                    case '"' -> State.DOUBLE_QUOTED;
                    case '-' -> beforeLast == '!' && last == '-' ? State.COMMENT : State.TAG;
                    case '[' -> beforeLast == 'T' && last == 'A' ? State.CDATA : State.TAG;
                    default -> State.TAG;
                };
            case QUOTED -> one == '\'' ? State.TAG : State.QUOTED;
            case DOUBLE_QUOTED -> one == '"' ? State.TAG : State.DOUBLE_QUOTED;
            case COMMENT -> one == '>' && last == '-' && beforeLast == '-' ? State.TEXT : State.COMMENT;
            case CDATA -> one == '>' && last == ']' && beforeLast == ']' ? State.TEXT : State.CDATA;
        };
    }
}
