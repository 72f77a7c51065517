package dev.belay.screen;

/// What is looked for without being asked, each with the document that its rule is taken from.
///
/// All of them work on bytes, where they lie, and make no object. A detector is asked for a candidate that
/// already has its shape; that it has the shape is counted too, because a column in which a tenth of the
/// numbers pass a check with ten outcomes holds no such ids ([Finding#certainty()]).
enum Detector {
    /// Payment cards: 13 to 19 digits, an issuer's prefix and Luhn's check (ISO/IEC 7812-1, annex B).
    CARD("card"),
    /// ISO 13616: the country's length (SWIFT's IBAN registry) and ISO 7064 MOD 97-10.
    IBAN("iban"),
    /// An address with a domain that has a dot (RFC 5321 4.1.2, without quoted local parts).
    EMAIL("email"),
    /// A number with its country (ITU-T E.164), or in the form of the US or with a leading 0 and separators.
    PHONE("phone"),
    /// Social Security number, written with separators: SSA, "Is there any significance to the numbers". No
    /// checksum.
    US_SSN("us-ssn"),
    /// Social insurance number, 756 and an EAN-13 check (Swiss Central Compensation Office, GS1 General
    /// Specifications).
    CH_AHV("ch-ahv"),
    /// Modulus 11 (NHS Data Dictionary, "NHS number").
    GB_NHS("gb-nhs"),
    /// ISO 7064 MOD 11,10 and one repeated digit (Federal Central Tax Office, "Steueridentifikationsnummer").
    DE_TAX_ID("de-tax-id"),
    /// The 11-proof (Logisch Ontwerp BSN).
    NL_BSN("nl-bsn"),
    /// 13 digits, key 97 - n mod 97, with Corsica's 2A and 2B (INSEE, "numéro de sécurité sociale").
    FR_NIR("fr-nir"),
    /// 8 digits and a letter by modulus 23, NIE with X, Y, Z for 0, 1, 2 (Ministerio del Interior).
    ES_DNI("es-dni"),
    /// 16 characters, check by odd and even places (Decreto ministeriale 23/12/1976).
    IT_CODICE_FISCALE("it-codice-fiscale"),
    /// Weights 1, 3, 7, 9 and a date of birth (Polish act on the register of inhabitants, article 15).
    PL_PESEL("pl-pesel"),
    /// Two checks by modulus 11 and a date of birth (Skatteetaten, "fødselsnummer").
    NO_FNR("no-fnr"),
    /// Key 97 - n mod 97, 2 before n for those born from 2000 on, and a date (Belgian royal decree of 3 April
    /// 1984).
    BE_NRN("be-nrn"),
    /// Two checks by modulus 11 (Receita Federal, "CPF").
    BR_CPF("br-cpf");

    /// Changes whenever a detector changes.
    static final String VERSION = "detectors 1";

    private final String label;

    Detector(String label) {
        this.label = label;
    }

    /// The name in receipts and settings.
    String label() {
        return label;
    }
}
