package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// One part of a workbook as XML, element after element, names without their namespaces. A document type declaration is
/// refused before anything of it is looked at: no entity is ever resolved, inside or outside.
final class Xml implements Closeable {
    private static final XMLInputFactory FACTORY = factory();

    private final String part;
    private final InputStream bytes;
    private final XMLStreamReader reader;
    private final long longestText;

    private Xml(String part, InputStream bytes, XMLStreamReader reader, long longestText) {
        this.part = part;
        this.bytes = bytes;
        this.reader = reader;
        this.longestText = longestText;
    }

    static Xml open(ZipDirectory zip, String part, FormatLimits limits) throws JobFailure, IOException {
        ZipDirectory.Member member = zip.file(part).orElseThrow(() -> corrupt(part, "it is missing"));
        var limited = new LimitedStream(zip.open(member), part, member.packed(), limits);
        var guarded = new XmlGuard(limited, Math.max(1 << 20, limits.fieldBytes()));
        try {
            return new Xml(part, guarded, FACTORY.createXMLStreamReader(guarded, "UTF-8"), limits.fieldBytes());
        } catch (XMLStreamException | RuntimeException broken) {
            throw translated(part, broken);
        }
    }

    /// Goes to the next beginning or end of an element, or to the next piece of text.
    ///
    /// @return false behind the last one
    boolean next() throws JobFailure, IOException {
        try {
            while (reader.hasNext()) {
                int event = reader.next();
                switch (event) {
                    case XMLStreamConstants.START_ELEMENT,
                            XMLStreamConstants.END_ELEMENT,
                            XMLStreamConstants.CHARACTERS,
                            XMLStreamConstants.CDATA,
                            XMLStreamConstants.SPACE -> {
                        return true;
                    }
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw unsafe(part);
                    default -> {
                        // Comments and processing instructions say nothing here.
                    }
                }
            }
            return false;
        } catch (XMLStreamException | RuntimeException broken) {
            throw translated(part, broken);
        }
    }

    boolean isStart() {
        return reader.isStartElement();
    }

    boolean isStart(String name) {
        return reader.isStartElement() && reader.getLocalName().equals(name);
    }

    boolean isEnd(String name) {
        return reader.isEndElement() && reader.getLocalName().equals(name);
    }

    boolean isText() {
        return reader.isCharacters();
    }

    /// The name of the element that begins or ends here.
    String name() {
        return reader.getLocalName();
    }

    /// An attribute by its name without a namespace.
    Optional<String> attribute(String name) {
        for (int at = 0; at < reader.getAttributeCount(); at++) {
            if (reader.getAttributeLocalName(at).equals(name)) {
                return Optional.of(reader.getAttributeValue(at));
            }
        }
        return Optional.empty();
    }

    /// Adds the piece of text that stands here.
    void appendTo(StringBuilder text) throws JobFailure {
        if (text.length() + (long) reader.getTextLength() > longestText) {
            throw JobFailure.permanent(
                    FailureCode.FIELD_TOO_LARGE,
                    "%s: a value is larger than limits.fieldBytes (%d bytes)".formatted(Quoted.of(part), longestText));
        }
        text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
    }

    JobFailure corrupt(String why) {
        return corrupt(part, why);
    }

    @Override
    public void close() throws IOException {
        try {
            reader.close();
        } catch (XMLStreamException ignored) {
            // What was wrong with it has been said, or did not matter.
        }
        bytes.close();
    }

    static JobFailure corrupt(String part, String why) {
        return JobFailure.permanent(
                FailureCode.WORKBOOK_CORRUPT,
                "the workbook's part %s cannot be read: %s".formatted(Quoted.of(part), why));
    }

    private static JobFailure unsafe(String part) {
        return JobFailure.permanent(
                FailureCode.WORKBOOK_UNSAFE,
                "the workbook's part %s has a document type declaration, which no workbook needs"
                        .formatted(Quoted.of(part)));
    }

    /// The parser wraps what its stream throws; that may be trouble of ours, or a limit.
    private static JobFailure translated(String part, Exception broken) throws JobFailure, IOException {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Source.Trouble trouble -> throw trouble;
                case LimitedStream.Exceeded exceeded -> throw exceeded.failure();
                case XmlGuard.TooLarge large -> {
                    return JobFailure.permanent(
                            FailureCode.FIELD_TOO_LARGE,
                            "the workbook's part %s: %s (limits.fieldBytes)"
                                    .formatted(Quoted.of(part), large.getMessage()));
                }
                default -> {
                    // The next cause may say more.
                }
            }
        }
        if (broken instanceof XMLStreamException xml) {
            if (xml.getNestedException() instanceof IOException nested) {
                return translatedNested(part, nested);
            }
            if (String.valueOf(xml.getMessage()).contains("entity")) {
                return unsafe(part);
            }
            return corrupt(
                    part,
                    "line %d, column %d is no XML"
                            .formatted(
                                    xml.getLocation().getLineNumber(),
                                    xml.getLocation().getColumnNumber()));
        }
        return corrupt(part, "it is no XML");
    }

    private static JobFailure translatedNested(String part, IOException nested) throws JobFailure, IOException {
        return switch (nested) {
            case Source.Trouble trouble -> throw trouble;
            case LimitedStream.Exceeded exceeded -> throw exceeded.failure();
            case XmlGuard.TooLarge large ->
                JobFailure.permanent(
                        FailureCode.FIELD_TOO_LARGE,
                        "the workbook's part %s: %s (limits.fieldBytes)"
                                .formatted(Quoted.of(part), large.getMessage()));
            default -> corrupt(part, String.valueOf(nested.getMessage()));
        };
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
        return factory;
    }
}
