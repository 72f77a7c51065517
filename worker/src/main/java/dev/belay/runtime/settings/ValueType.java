package dev.belay.runtime.settings;

import dev.belay.screen.OwnPattern;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a setting may be.
///
/// @param name    the type for the documentation, with its unit
/// @param range   the allowed values for the documentation; empty when the type says it all
/// @param reading makes the value
/// @param showing makes the text that [#reading] reads as the same value
record ValueType<T>(String name, String range, Reading<T> reading, Function<T, String> showing) {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})");
    private static final Pattern NAMED_PATTERN = Pattern.compile("([A-Za-z0-9-]{1,40})=(.+)", Pattern.DOTALL);

    /// Makes a value of what was written.
    interface Reading<T> {
        /// @throws BadValue when it is none
        T read(Written written) throws BadValue;
    }

    static ValueType<Integer> whole(int least, int most) {
        return new ValueType<>(
                "whole number",
                least + " to " + most,
                written ->
                        Math.toIntExact(within(number(written.single()), (long) least, (long) most, String::valueOf)),
                String::valueOf);
    }

    static ValueType<Long> wholeLong(long least, long most) {
        return new ValueType<>(
                "whole number",
                least + " to " + most,
                written -> within(number(written.single()), least, most, String::valueOf),
                String::valueOf);
    }

    static ValueType<Duration> duration(String least, String most) {
        return new ValueType<>(
                "duration",
                least + " to " + most,
                written -> within(
                        DurationText.parse(written.single()),
                        DurationText.parse(least),
                        DurationText.parse(most),
                        DurationText::format),
                DurationText::format);
    }

    static ValueType<Long> size(String least, String most) {
        return new ValueType<>(
                "size",
                least + " to " + most,
                written -> within(
                        SizeText.parse(written.single()),
                        SizeText.parse(least),
                        SizeText.parse(most),
                        SizeText::format),
                SizeText::format);
    }

    static ValueType<Boolean> yesOrNo() {
        return new ValueType<>(
                "boolean",
                "`true`, `false`",
                written -> switch (written.single()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new BadValue("must be true or false");
                },
                String::valueOf);
    }

    /// One of the constants, in lower case.
    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        return new ValueType<>(
                "choice",
                constants.stream().map(ValueType::lowerCase).collect(Collectors.joining("`, `", "`", "`")),
                written -> {
                    String text = written.single();
                    for (E constant : constants) {
                        if (lowerCase(constant).equals(text)) {
                            return constant;
                        }
                    }
                    throw new BadValue("must be one of "
                            + constants.stream().map(ValueType::lowerCase).collect(Collectors.joining(", ")));
                },
                ValueType::lowerCase);
    }

    static ValueType<String> text(Pattern pattern, String range) {
        return new ValueType<>(
                "text",
                range,
                written -> {
                    String text = written.single();
                    if (!pattern.matcher(text).matches()) {
                        throw new BadValue("must be " + range);
                    }
                    return text;
                },
                text -> text);
    }

    /// A pattern to look for in values, with its name.
    static ValueType<OwnPattern> pattern() {
        return new ValueType<>(
                "pattern",
                "`NAME=EXPRESSION`",
                written -> {
                    Matcher parts = NAMED_PATTERN.matcher(written.single());
                    if (!parts.matches()) {
                        throw new BadValue("must be NAME=EXPRESSION, the name of letters, digits and hyphens");
                    }
                    try {
                        return OwnPattern.of(parts.group(1), parts.group(2));
                    } catch (IllegalArgumentException refused) {
                        throw new BadValue("is refused: " + refused.getMessage());
                    }
                },
                OwnPattern::text);
    }

    static ValueType<Path> folder() {
        return new ValueType<>("folder", "", written -> path(written.single()), Path::toString);
    }

    /// A host and a port, or none.
    static ValueType<Optional<Settings.Address>> address() {
        return new ValueType<>(
                "address",
                "`HOST:PORT`; port 0 is any free one",
                written -> written.single().isEmpty() ? Optional.empty() : Optional.of(address(written.single())),
                address -> address.map(Settings.Address::text).orElse(""));
    }

    private static Settings.Address address(String text) throws BadValue {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw new BadValue("must be HOST:PORT, an IPv6 address in brackets");
        }
        int port = Math.toIntExact(within(number(parts.group(2)), 0L, 65_535L, String::valueOf));
        return new Settings.Address(parts.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    /// Where a store is.
    ///
    /// @param passwordKey the setting that takes the password of a server
    static ValueType<StoreUrl> store(String passwordKey) {
        return new ValueType<>(
                "URL",
                "`sqlite:FOLDER`, `postgresql://ROLE@HOST:PORT/DATABASE`",
                written -> StoreUrl.read(written.single(), passwordKey),
                StoreUrl::text);
    }

    /// A text that is kept from being shown by its key; blanks around it are part of it.
    static ValueType<String> secret() {
        return new ValueType<>("text", "", Written::whole, text -> text);
    }

    /// A whole number, or `auto` for none.
    static ValueType<Choosable> automaticOr(int least, int most) {
        ValueType<Integer> number = whole(least, most);
        return new ValueType<>(
                "whole number",
                "`auto`, " + number.range(),
                written -> written.single().equals("auto")
                        ? new Choosable.Automatic()
                        : new Choosable.Chosen(number.reading().read(written)),
                Choosable::text);
    }

    ValueType<List<T>> listOf(String plural, int least, int most) {
        String counted = least == 0 ? "up to " + most : least + " to " + most;
        return new ValueType<>(
                "list of " + plural,
                range.isEmpty() ? counted + " items" : counted + " items, each " + range,
                written -> {
                    List<T> values = new ArrayList<>();
                    for (String item : written.many()) {
                        values.add(reading.read(Written.text(item, written.origin())));
                    }
                    if (values.size() < least || values.size() > most) {
                        throw new BadValue("has %d items; allowed are %s".formatted(values.size(), counted));
                    }
                    return List.copyOf(values);
                },
                values -> values.stream().map(showing).collect(Collectors.joining(",")));
    }

    private static long number(String text) throws BadValue {
        if (!WHOLE.matcher(text).matches()) {
            throw new BadValue("is not a whole number");
        }
        return Long.parseLong(text);
    }

    private static <C extends Comparable<C>> C within(C value, C least, C most, Function<C, String> shown)
            throws BadValue {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new BadValue(
                    "is out of its range; allowed are %s to %s".formatted(shown.apply(least), shown.apply(most)));
        }
        return value;
    }

    private static Path path(String text) throws BadValue {
        if (text.isEmpty()) {
            throw new BadValue("has no path");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException noPath) {
            throw new BadValue("is not a path");
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
