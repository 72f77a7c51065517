package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.JobFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of the merge as cases to be read. `'` stands for `"`; a stash of `-` is none.
final class DictionaryMergeTest {
    /// @param columns `name:header:type` of the new version, separated by commas
    record Case(String prose, String live, String stash, String columns, String result, String summary) {
        @Override
        public String toString() {
            return prose;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "The first load takes its titles from the headers.",
                        "-",
                        "-",
                        "a:Alpha:integer,b:Beta:text",
                        """
                        {'name':'a','type':'integer','title':'Alpha','belay:originalHeader':'Alpha'},\
                        {'name':'b','type':'string','title':'Beta','belay:originalHeader':'Beta'}""",
                        "dictionary: 2 columns added"),
                new Case(
                        "What people wrote stays; the type is the one of the load.",
                        """
                        {'name':'a','type':'integer','title':'Mine','description':'D','belay:originalHeader':'Alpha','unit':'m'}""",
                        "-",
                        "a:Alpha:text",
                        """
                        {'name':'a','type':'string','title':'Mine','description':'D','belay:originalHeader':'Alpha','unit':'m'}""",
                        "dictionary: 1 title, 1 description, 1 other property kept"),
                new Case(
                        "A title that is the header follows the header.",
                        "{'name':'a','type':'text','title':'Alpha','belay:originalHeader':'Alpha'}",
                        "-",
                        "a:Alpha 2:text",
                        "{'name':'a','type':'string','title':'Alpha 2','belay:originalHeader':'Alpha 2'}",
                        "dictionary: nothing to keep"),
                new Case(
                        "A title that someone wrote does not, not even when the header was once the same.",
                        "{'name':'a','title':'Alpha'}",
                        "-",
                        "a:Other:text",
                        "{'name':'a','type':'string','title':'Alpha','belay:originalHeader':'Other'}",
                        "dictionary: 1 title kept"),
                new Case(
                        "An override that the load satisfied is in force, another one is named.",
                        """
                        {'name':'a','belay:typeOverride':'text'},{'name':'b','belay:typeOverride':'date'}""",
                        "-",
                        "a:a:text,b:b:integer",
                        """
                        {'name':'a','type':'string','title':'a','belay:typeOverride':'text','belay:originalHeader':'a'},\
                        {'name':'b','type':'integer','title':'b','belay:typeOverride':'date','belay:originalHeader':'b'}""",
                        "dictionary: type of 'a' set to text; type of 'b' could not be set to date"),
                new Case(
                        "A column that is gone stays as an orphan, after the file's columns in their order.",
                        """
                        {'name':'a','description':'D'},{'name':'b','type':'text','title':'b','belay:originalHeader':'b'}""",
                        "-",
                        "c:c:date,b:b:text",
                        """
                        {'name':'c','type':'date','title':'c','belay:originalHeader':'c'},\
                        {'name':'b','type':'string','title':'b','belay:originalHeader':'b'},\
                        {'name':'a','description':'D','belay:orphan':true}""",
                        "dictionary: 1 description kept; 1 column added; 1 column gone from the file, kept aside: 'a'"),
                new Case(
                        "An orphan comes back with everything when its column does.",
                        "{'name':'a','title':'Mine','belay:typeOverride':'text','belay:orphan':true,'x':{'y':1.0}}",
                        "-",
                        "a:Alpha:text",
                        """
                        {'name':'a','type':'string','title':'Mine','belay:typeOverride':'text',\
                        'belay:originalHeader':'Alpha','x':{'y':1.0}}""",
                        """
                        dictionary: 1 title, 1 other property kept; type of 'a' set to text; \
                        1 column back with what was written about it: 'a'"""),
                new Case(
                        "A column with another physical name is recognized by its header.",
                        "{'name':'old','title':'Mine','belay:originalHeader':'Alpha'}",
                        "-",
                        "new:Alpha:text",
                        "{'name':'new','type':'string','title':'Mine','belay:originalHeader':'Alpha'}",
                        "dictionary: 1 title kept"),
                new Case(
                        "The physical name wins over the header.",
                        """
                        {'name':'a','description':'first','belay:originalHeader':'B'},\
                        {'name':'b','description':'second','belay:originalHeader':'A'}""",
                        "-",
                        "a:A:text,b:B:text",
                        """
                        {'name':'a','type':'string','title':'A','description':'first','belay:originalHeader':'A'},\
                        {'name':'b','type':'string','title':'B','description':'second','belay:originalHeader':'B'}""",
                        "dictionary: 2 descriptions kept"),
                new Case(
                        "With no live dictionary the stash brings everything back.",
                        "-",
                        "{'name':'a','title':'Mine','belay:originalHeader':'A','x':1},{'name':'b','description':'D'}",
                        "a:A:text",
                        """
                        {'name':'a','type':'string','title':'Mine','belay:originalHeader':'A','x':1},\
                        {'name':'b','description':'D','belay:orphan':true}""",
                        """
                        dictionary: 1 title, 1 description, 1 other property kept; \
                        2 columns restored from the stash: 'a', 'b'"""),
                new Case(
                        "The live word wins property by property, what only the stash says is kept.",
                        "{'name':'a','title':'Live','belay:originalHeader':'A','x':1}",
                        """
                        {'name':'a','title':'Stashed','description':'D','belay:originalHeader':'A','x':2,'y':3}""",
                        "a:A:text",
                        """
                        {'name':'a','type':'string','title':'Live','description':'D','belay:originalHeader':'A','x':1,'y':3}""",
                        """
                        dictionary: 1 title, 1 description, 2 other properties kept; \
                        1 column restored from the stash: 'a'; \
                        2 differences to the stash, the live one stays: title of 'a', 'x' of 'a'"""),
                new Case(
                        "A header is no word against a title that someone wrote.",
                        "{'name':'a','title':'A','belay:originalHeader':'A'}",
                        "{'name':'a','title':'Stashed','belay:originalHeader':'A'}",
                        "a:A:text",
                        "{'name':'a','type':'string','title':'Stashed','belay:originalHeader':'A'}",
                        "dictionary: 1 title kept; 1 column restored from the stash: 'a'"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void merges(Case example) throws JobFailure {
        Optional<DataDictionary> live = dictionary(example.live);
        List<DataDictionary> stash = dictionary(example.stash).stream().toList();
        List<Column> columns = Stream.of(example.columns.split(",", -1))
                .map(DictionaryMergeTest::column)
                .toList();

        var merged = DictionaryMerge.merge(live, stash, columns);

        assertThat(merged.dictionary().toDocument().json().replace('"', '\''))
                .isEqualTo("{'fields':[" + example.result + "]}");
        assertThat(merged.summary().text().replace('"', '\'')).isEqualTo(example.summary);
    }

    private static Optional<DataDictionary> dictionary(String fields) throws JobFailure {
        return fields.equals("-")
                ? Optional.empty()
                : Optional.of(DataDictionary.parse(
                        new DictionaryDocument("{\"fields\":[" + fields.replace('\'', '"') + "]}")));
    }

    private static Column column(String text) {
        String[] parts = text.split(":", -1);
        return new Column(parts[0], parts[1], ColumnType.of(parts[2]).orElseThrow(), 0, 0);
    }
}
