package dev.belay.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Sha256;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowDigestTest {
    private static final long SEED = Long.getLong("belay.digest.seed", 20261125);

    private static final BigInteger G = unsigned(0x9E3779B97F4A7C15L);
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);

    private final Random random = new Random(SEED);

    RowDigestTest() {
        System.out.println("-Dbelay.digest.seed=" + SEED);
    }

    private static RowDigest of(List<? extends List<? extends @Nullable Object>> rows) {
        var digest = new RowDigest();
        for (List<? extends @Nullable Object> row : rows) {
            for (Object value : row) {
                switch (value) {
                    case null -> digest.nothing();
                    case Long number -> digest.integer(number);
                    case Double number -> digest.real(number);
                    default -> {
                        byte[] text = (".." + value + ".".repeat(row.size())).getBytes(StandardCharsets.UTF_8);
                        digest.text(text, 2, text.length - row.size());
                    }
                }
            }
            digest.endRow();
        }
        return digest;
    }

    private List<List<@Nullable Object>> rows(int count) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (int row = 0; row < count; row++) {
            rows.add(Arrays.asList(
                    random.nextInt(3) == 0 ? null : random.nextLong(),
                    random.nextGaussian(),
                    "ä0123456789abcdefghijklmnopqrstuvwxyz".substring(random.nextInt(36))));
        }
        return rows;
    }

    @Test
    void doesWhatItsFormulaSays() {
        for (int round = 0; round < 50; round++) {
            List<List<@Nullable Object>> rows = rows(random.nextInt(20));

            assertThat(of(rows).finish()).isEqualTo(byTheFormula(rows));
        }
        assertThat(byTheFormula(List.of(Arrays.asList(1L, "x"), Arrays.asList(2L, null))))
                .isEqualTo(StagingContract.DIGEST_OF_TWO_ROWS);
    }

    @Test
    void isTheSameHoweverTheRowsAreCut() {
        List<List<@Nullable Object>> rows = rows(200);
        Sha256 whole = of(rows).finish();

        for (int round = 0; round < 100; round++) {
            var joined = new RowDigest();
            int from = 0;
            while (from < rows.size()) {
                int to = Math.min(rows.size(), from + random.nextInt(60));
                joined.append(of(rows.subList(from, to)));
                from = to;
            }
            assertThat(joined.rows()).isEqualTo(rows.size());
            assertThat(joined.finish()).isEqualTo(whole);
        }
    }

    @Test
    void tellsRowsInAnotherOrder() {
        List<List<@Nullable Object>> rows = rows(5);
        var swapped = new ArrayList<>(rows);
        swapped.set(1, rows.get(3));
        swapped.set(3, rows.get(1));

        assertThat(of(swapped).finish()).isNotEqualTo(of(rows).finish());
    }

    @Test
    void tellsNothingFromAnEmptyTextAndFromZero() {
        List<Sha256> all = new ArrayList<>();
        for (Object value : new @Nullable Object[] {null, "", 0L, 0.0, "0", "\u0001", 1L, -0.0, "00", " "}) {
            all.add(of(List.of(Arrays.asList(value))).finish());
        }
        all.add(of(List.of()).finish());
        all.add(of(List.of(Arrays.asList("", null))).finish());
        all.add(of(List.of(Arrays.asList(null, ""))).finish());
        all.add(of(List.of(Arrays.asList((Object) null), Arrays.asList((Object) null)))
                .finish());

        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void tellsWhereOneTextEndsAndTheNextBegins() {
        assertThat(of(List.of(List.of("ab", "c"))).finish())
                .isNotEqualTo(of(List.of(List.of("a", "bc"))).finish());
        assertThat(of(List.of(List.of("a", "b"))).finish())
                .isNotEqualTo(of(List.of(List.of("a"), List.of("b"))).finish());
    }

    @Test
    void tellsWhetherATextIsAscii() {
        for (int length = 0; length < 20; length++) {
            byte[] plain = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
            assertThat(new RowDigest().text(plain, 0, length)).isTrue();
            for (int at = 0; at < length; at++) {
                byte[] other = plain.clone();
                other[at] = (byte) 0xe4;
                assertThat(new RowDigest().text(other, 0, length)).isFalse();
            }
        }
    }

    /// The class's comment once more, in arithmetic that is slow and plain.
    private static Sha256 byTheFormula(List<? extends List<? extends @Nullable Object>> rows) {
        BigInteger first = BigInteger.ZERO;
        BigInteger second = BigInteger.ZERO;
        for (List<? extends @Nullable Object> row : rows) {
            BigInteger a = unsigned(0x243F6A8885A308D3L);
            BigInteger b = unsigned(0x13198A2E03707344L);
            for (long word : words(row)) {
                a = rotated(a.xor(unsigned(word)), 29)
                        .multiply(unsigned(0xA0761D6478BD642FL))
                        .mod(WORD);
                b = rotated(b, 31)
                        .add(unsigned(word))
                        .multiply(unsigned(0xC2B2AE3D27D4EB4FL))
                        .mod(WORD);
            }
            first = first.multiply(unsigned(0x0B7E151628AED2A7L)).add(mixed(a)).mod(PRIME);
            second =
                    second.multiply(unsigned(0x1715609D1F4C4A9BL)).add(mixed(b)).mod(PRIME);
        }
        return Sha256.of(ByteBuffer.allocate(24)
                .putLong(first.longValueExact())
                .putLong(second.longValueExact())
                .putLong(rows.size())
                .array());
    }

    private static List<Long> words(List<? extends @Nullable Object> row) {
        var words = new ArrayList<Long>();
        for (Object value : row) {
            words.add(
                    switch (value) {
                        case null -> 0L;
                        case Long number -> product(unsigned(number).add(G));
                        case Double number ->
                            product(unsigned(Double.doubleToLongBits(number)).add(G.multiply(BigInteger.TWO)));
                        default -> text(value.toString().getBytes(StandardCharsets.UTF_8));
                    });
        }
        return words;
    }

    private static long text(byte[] text) {
        BigInteger hash = unsigned(product(G.multiply(BigInteger.valueOf(3)).add(BigInteger.valueOf(text.length))));
        var starts = new ArrayList<Integer>();
        for (int at = 0; at < text.length - 8; at += 8) {
            starts.add(at);
        }
        if (text.length > 0) {
            starts.add(Math.max(0, text.length - 8));
        }
        for (int start : starts) {
            long word = 0;
            for (int at = start; at < Math.min(text.length, start + 8); at++) {
                word |= (text[at] & 0xffL) << (8 * (at - start));
            }
            hash = unsigned(product(rotated(hash.xor(unsigned(word)), 29)));
        }
        return hash.longValue();
    }

    private static long product(BigInteger number) {
        return number.multiply(unsigned(0xD6E8FEB86659FD93L)).longValue();
    }

    private static BigInteger mixed(BigInteger hash) {
        BigInteger mixed = hash.xor(hash.shiftRight(33))
                .multiply(unsigned(0xFF51AFD7ED558CCDL))
                .mod(WORD);
        mixed = mixed.xor(mixed.shiftRight(33))
                .multiply(unsigned(0xC4CEB9FE1A85EC53L))
                .mod(WORD);
        return mixed.xor(mixed.shiftRight(33));
    }

    private static BigInteger rotated(BigInteger word, int by) {
        return word.shiftLeft(by).mod(WORD).add(word.shiftRight(64 - by));
    }

    private static BigInteger unsigned(long word) {
        return new BigInteger(Long.toUnsignedString(word));
    }
}
