package dev.belay.stage;

import dev.belay.format.Prepared;
import dev.belay.format.Refusal;
import dev.belay.job.Place;
import dev.belay.screen.Finding;
import dev.belay.tabular.RejectCode;
import dev.belay.tabular.RejectedRecord;
import dev.belay.tabular.TableProfile;
import java.util.Optional;
import java.util.OptionalLong;

/// Says of records and values what people can find in the source they have, where the reader has read a text that was
/// written from it: lines and bytes of that text would send them astray.
final class SourceWords {
    private SourceWords() {}

    static TableProfile of(TableProfile profile, Prepared prepared) {
        if (prepared.kind() == Prepared.Kind.AS_IT_IS) {
            return profile;
        }
        TableProfile told = profile.withRejects(profile.rejects().stream()
                        .map(reject -> of(reject, prepared))
                        .toList())
                .withPlaces(place -> of(place, prepared));
        return prepared.kind() != Prepared.Kind.WRITTEN
                ? told
                : told.withFindings(
                        told.findings().stream().map(Finding::withoutLines).toList());
    }

    private static Place of(Place place, Prepared prepared) {
        return prepared.kind() == Prepared.Kind.WRITTEN
                ? place.withoutLine()
                : new Place(place.record(), place.line(), OptionalLong.empty(), place.column(), place.value());
    }

    private static RejectedRecord of(RejectedRecord reject, Prepared prepared) {
        Optional<Refusal> refusal = prepared.refusal(reject.place().record().orElse(0));
        if (refusal.isPresent()) {
            Refusal known = refusal.get();
            return new RejectedRecord(known.place(), code(known.reason()), known.message());
        }
        boolean written = prepared.kind() == Prepared.Kind.WRITTEN;
        Place place = new Place(
                reject.place().record(),
                written ? OptionalLong.empty() : reject.place().line(),
                OptionalLong.empty(),
                reject.place().column(),
                reject.code() == RejectCode.ENCODING
                        ? Optional.empty()
                        : reject.place().value());
        String message = reject.message();
        if (written) {
            message = message.replaceFirst(" \\(line \\d+\\)", "");
        }
        if (reject.code() == RejectCode.ENCODING) {
            message = message.replaceFirst(
                    "byte \\d+: [0-9A-F ]+ is not text in UTF-8",
                    "it holds bytes that are not text in " + prepared.origin());
        }
        return new RejectedRecord(place, reject.code(), message);
    }

    private static RejectCode code(Refusal.Reason reason) {
        return switch (reason) {
            case JSON_SYNTAX -> RejectCode.JSON_SYNTAX;
            case JSON_SHAPE -> RejectCode.JSON_SHAPE;
            case JSON_DUPLICATE_KEY -> RejectCode.JSON_DUPLICATE_KEY;
            case ENCODING_INVALID -> RejectCode.ENCODING;
        };
    }
}
