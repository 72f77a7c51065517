package dev.belay.screen;

/// International bank account numbers.
final class Ibans {
    private static final int LETTERS = 26;
    private static final byte[] LENGTHS = new byte[LETTERS * LETTERS];

    // Country and length, SWIFT IBAN registry, release 99.
    private static final String REGISTRY =
            "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18"
                    + "DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28"
                    + "LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22"
                    + "RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    static {
        for (int at = 0; at < REGISTRY.length(); at += 4) {
            LENGTHS[(REGISTRY.charAt(at) - 'A') * LETTERS + REGISTRY.charAt(at + 1) - 'A'] =
                    (byte) Integer.parseInt(REGISTRY, at + 2, at + 4, 10);
        }
    }

    private Ibans() {}

    /// How long those of a country are; 0 for what is none.
    static int length(byte first, byte second) {
        int one = (first & ~0x20) - 'A';
        int two = (second & ~0x20) - 'A';
        return one < 0 || one >= LETTERS || two < 0 || two >= LETTERS ? 0 : LENGTHS[one * LETTERS + two];
    }

    /// MOD 97-10: the first four characters behind the others, letters as 10 to 35, leaves 1.
    static boolean isChecked(Digits number) {
        int length = number.length();
        int rest = 0;
        for (int place = 0; place < length; place++) {
            byte one = number.at[(place + 4) % length];
            rest = one <= '9' ? (rest * 10 + one - '0') % 97 : (rest * 100 + (one & ~0x20) - 'A' + 10) % 97;
        }
        return rest == 1;
    }
}
