package dev.belay.screen;

/// Looks through one value and says which detectors find something in it, and where. One object for a column
/// and a thread: nothing is allocated for a value.
///
/// Most values are let go after one pass that counts digits and looks for an `@`. Candidates are taken from
/// anywhere in a value, but only where they stand alone: next to no letter, digit or byte of another alphabet,
/// and in no longer chain of hyphens, so that the end of a UUID is none.
final class Look {
    /// A value with fewer bytes holds nothing: `a@b.ch`.
    private static final int LEAST = 6;
    /// An NIE has this many, nothing but an address has fewer.
    private static final int LEAST_DIGITS = 7;
    private static final int DETECTORS = Detector.values().length;

    private static final byte DIGIT = 1;
    private static final byte LETTER = 2;
    private static final byte OTHER = 0;
    private static final byte[] CLASSES = classes();

    private final Digits candidate = new Digits();
    private final int[] starts = new int[DETECTORS];
    private final int[] ends = new int[DETECTORS];
    private byte[] all = {};
    private int from;
    private int to;
    private long found;
    private long shaped;

    /// Looks.
    ///
    /// @return whether any value of such a form is there
    boolean at(byte[] bytes, int start, int end) {
        if (end - start < LEAST) {
            return false;
        }
        int digits = 0;
        int address = -1;
        for (int place = start; place < end; place++) {
            byte one = bytes[place];
            digits += (one - '0' & 0xff) < 10 ? 1 : 0;
            if (one == '@') {
                address = place;
            }
        }
        if (digits < LEAST_DIGITS && address < 0) {
            return false;
        }
        all = bytes;
        from = start;
        to = end;
        found = 0;
        shaped = 0;
        if (address >= 0) {
            addresses();
        }
        if (digits >= LEAST_DIGITS) {
            numbers();
        }
        return shaped != 0;
    }

    /// Detectors whose check was passed, a bit each by ordinal.
    long found() {
        return found;
    }

    /// Detectors whose shape was there, passed or not.
    long shaped() {
        return shaped;
    }

    /// Where the first one of a detector begins.
    int start(int detector) {
        return starts[detector];
    }

    int end(int detector) {
        return ends[detector];
    }

    private void numbers() {
        int place = from;
        while (place < to) {
            byte its = CLASSES[all[place] & 0xff];
            if (its == OTHER) {
                place++;
            } else if (!isFree(place)) {
                place = pastWord(place);
            } else if (its == DIGIT) {
                place = number(place);
            } else {
                place = word(place);
            }
        }
    }

    /// A number, perhaps in groups with one and the same separator between; a hyphen may follow dots, as in
    /// `123.456.789-09`.
    private int number(int start) {
        candidate.begin(start);
        byte separator = 0;
        int place = start;
        while (place < to) {
            byte one = all[place];
            if (CLASSES[one & 0xff] == DIGIT) {
                candidate.add(one);
                place++;
            } else if (isSeparator(one)
                    && (separator == 0 || separator == one || (separator == '.' && one == '-'))
                    && isDigit(place + 1)) {
                separator = separator == 0 ? one : separator;
                candidate.separate(separator);
                place++;
            } else if (one == ')' && separator == 0 && start > from && all[start - 1] == '(') {
                // An area in brackets: (212) 555-0142.
                int next = place + 1 < to && all[place + 1] == ' ' ? place + 2 : place + 1;
                if (!isDigit(next)) {
                    break;
                }
                separator = '-';
                candidate.separate(separator);
                place = next;
            } else {
                break;
            }
        }
        candidate.end(place);
        if (place < to && CLASSES[all[place] & 0xff] == LETTER) {
            return lettered(start, place);
        }
        if (!isChained(place)) {
            decide(start);
        }
        return place;
    }

    /// A number with a letter behind: a DNI, or a NIR of Corsica.
    private int lettered(int start, int letter) {
        int end = pastWord(letter);
        if (candidate.length() == 8 && candidate.isWhole() && end == letter + 1) {
            note(Detector.ES_DNI, NationalIds.isDni(candidate.number(0, 8), all[letter]), start, end);
        }
        boolean corsica = candidate.length() == 6 && candidate.isWhole() && end - start == 15;
        if (corsica && ((all[letter] & ~0x20) == 'A' || (all[letter] & ~0x20) == 'B') && areDigits(letter + 1, end)) {
            candidate.begin(start);
            for (int place = start; place < end; place++) {
                candidate.add(all[place]);
            }
            if (NationalIds.isNirShaped(candidate)) {
                note(Detector.FR_NIR, NationalIds.isNir(candidate), start, end);
            }
        }
        return end;
    }

    private void decide(int start) {
        switch (candidate.length()) {
            case 0 -> {
                // Longer than any id.
            }
            case 9 -> {
                id(Detector.US_SSN, NationalIds.isSsnShaped(candidate) && NationalIds.isSsn(candidate), true);
                id(Detector.NL_BSN, NationalIds.isBsnShaped(candidate), NationalIds.isBsn(candidate));
            }
            case 10 -> id(Detector.GB_NHS, NationalIds.isNhsShaped(candidate), NationalIds.isNhs(candidate));
            case 11 -> {
                id(Detector.DE_TAX_ID, NationalIds.isTaxIdShaped(candidate), NationalIds.isTaxId(candidate));
                id(Detector.PL_PESEL, NationalIds.isPeselShaped(candidate), NationalIds.isPesel(candidate));
                id(Detector.NO_FNR, NationalIds.isFnrShaped(candidate), NationalIds.isFnr(candidate));
                id(Detector.BE_NRN, NationalIds.isNrnShaped(candidate), NationalIds.isNrn(candidate));
                id(Detector.BR_CPF, NationalIds.isCpfShaped(candidate), NationalIds.isCpf(candidate));
            }
            case 13 -> {
                id(Detector.CH_AHV, NationalIds.isAhvShaped(candidate), NationalIds.isAhv(candidate));
                id(Detector.CARD, Cards.isShaped(candidate), Cards.isChecked(candidate));
            }
            case 15 -> {
                id(Detector.FR_NIR, NationalIds.isNirShaped(candidate), NationalIds.isNir(candidate));
                id(Detector.CARD, Cards.isShaped(candidate), Cards.isChecked(candidate));
            }
            default -> id(Detector.CARD, Cards.isShaped(candidate), Cards.isChecked(candidate));
        }
        if (Phones.isShaped(all, from, start, candidate)) {
            note(Detector.PHONE, true, start, candidate.to());
        }
    }

    /// Something that begins with a letter: an IBAN, perhaps in groups; an NIE, a codice fiscale.
    private int word(int start) {
        int end = pastWord(start);
        if (end - start == 9 && isFree(start) && !isChained(end)) {
            nie(start, end);
        }
        if (end - start == 16 && !isChained(end)) {
            candidate.begin(start);
            for (int place = start; place < end; place++) {
                candidate.add(all[place]);
            }
            candidate.end(end);
            id(Detector.IT_CODICE_FISCALE, NationalIds.isFiscaleShaped(candidate), NationalIds.isFiscale(candidate));
        }
        if (end - start >= 4
                && CLASSES[all[start + 1] & 0xff] == LETTER
                && CLASSES[all[start + 2] & 0xff] == DIGIT
                && CLASSES[all[start + 3] & 0xff] == DIGIT) {
            return iban(start, end);
        }
        return end;
    }

    private void nie(int start, int end) {
        int first = (all[start] & ~0x20) - 'X';
        if (first < 0 || first > 2 || CLASSES[all[end - 1] & 0xff] != LETTER || !areDigits(start + 1, end - 1)) {
            return;
        }
        int number = first;
        for (int place = start + 1; place < end - 1; place++) {
            number = number * 10 + all[place] - '0';
        }
        note(Detector.ES_DNI, NationalIds.isDni(number, all[end - 1]), start, end);
    }

    private int iban(int start, int wordEnd) {
        int length = Ibans.length(all[start], all[start + 1]);
        if (length == 0) {
            return wordEnd;
        }
        candidate.begin(start);
        int place = start;
        while (place < to && candidate.length() < length) {
            byte one = all[place];
            if (CLASSES[one & 0xff] != OTHER) {
                candidate.add(one);
            } else if (one < 0 || one != ' ' || all[place - 1] == ' ') {
                return wordEnd;
            }
            place++;
        }
        boolean alone = place == to || (CLASSES[all[place] & 0xff] == OTHER && !isChained(place));
        if (candidate.length() != length || !alone) {
            return wordEnd;
        }
        note(Detector.IBAN, Ibans.isChecked(candidate), start, place);
        return Math.max(place, wordEnd);
    }

    private void addresses() {
        for (int place = from + 1; place < to - 3; place++) {
            if (all[place] == '@') {
                int start = Addresses.start(all, from, place);
                int end = Addresses.end(all, place, to);
                if (start < place && end > place) {
                    note(Detector.EMAIL, true, start, end);
                    return;
                }
            }
        }
    }

    private void id(Detector detector, boolean hasShape, boolean passes) {
        if (hasShape) {
            note(detector, passes, candidate.from(), candidate.to());
        }
    }

    @SuppressWarnings("EnumOrdinal") // A bit and a place for each, in one run only.
    private void note(Detector detector, boolean passes, int start, int end) {
        long bit = 1L << detector.ordinal();
        shaped |= bit;
        if (passes && (found & bit) == 0) {
            found |= bit;
            starts[detector.ordinal()] = start;
            ends[detector.ordinal()] = end;
        }
    }

    /// Whether something may begin here.
    private boolean isFree(int place) {
        if (place == from) {
            return true;
        }
        byte before = all[place - 1];
        if (CLASSES[before & 0xff] != OTHER) {
            return false;
        }
        boolean link = before == '-' || before == '_' || before == '.' || before == '/';
        return !link || place - 1 == from || CLASSES[all[place - 2] & 0xff] == OTHER;
    }

    /// Whether it goes on behind a hyphen or the like.
    private boolean isChained(int end) {
        return end + 1 < to
                && (all[end] == '-' || all[end] == '_' || all[end] == '/')
                && CLASSES[all[end + 1] & 0xff] != OTHER;
    }

    private int pastWord(int start) {
        int place = start;
        while (place < to && CLASSES[all[place] & 0xff] != OTHER) {
            place++;
        }
        return place;
    }

    private boolean isDigit(int place) {
        return place < to && CLASSES[all[place] & 0xff] == DIGIT;
    }

    private boolean areDigits(int start, int end) {
        for (int place = start; place < end; place++) {
            if (CLASSES[all[place] & 0xff] != DIGIT) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSeparator(byte one) {
        return one == ' ' || one == '-' || one == '.' || one == '/';
    }

    /// What belongs to no ASCII counts as letters: no number begins or ends beside it.
    private static byte[] classes() {
        var classes = new byte[256];
        for (int one = 0; one < 256; one++) {
            boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one >= 0x80;
            classes[one] = one >= '0' && one <= '9' ? DIGIT : letter ? LETTER : OTHER;
        }
        return classes;
    }
}
