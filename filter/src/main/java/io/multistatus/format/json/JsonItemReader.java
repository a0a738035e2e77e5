package io.multistatus.format.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.multistatus.format.Dialect;
import io.multistatus.format.RequestLine;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.HttpSyntax;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one item after another. Members may come in any order, so what depends on another member (how the body is
 * encoded, what the item is called in messages) is settled at the item's end. Of the optional members {@code null} says
 * the same as leaving them out. Not thread-safe.
 */
final class JsonItemReader {
    private final Dialect dialect;
    private final JsonParser parser;
    private final RecordingInputStream recording;
    private final BatchBuilder batch;
    private final MemberNames members = new MemberNames();

    private int index;
    private @Nullable ItemId id;
    private String method = "";
    private String url = "";
    private Headers.Builder headers = Headers.builder();
    private int fields;
    private List<String> dependsOn = List.of();
    private @Nullable String atomicityGroup;
    private ItemBody.@Nullable Encoding bodyEncoding;
    private @Nullable JsonToken bodyToken;
    /** Where the body's value begins and ends, as the recording counts; white space and a comma may follow it. */
    private long bodyBegin;

    private long bodyEnd;
    private long growth;
    /** The first thing wrong with the item alone. */
    private @Nullable Problem fault;

    /** @param batch has the room for what items have many of */
    JsonItemReader(Dialect dialect, JsonParser parser, RecordingInputStream recording, BatchBuilder batch) {
        this.dialect = dialect;
        this.parser = parser;
        this.recording = recording;
        this.batch = batch;
    }

    /**
     * Reads the item whose opening brace has just been read, up to its closing one.
     *
     * @throws BatchException if the item makes the whole batch unreadable
     */
    Subrequest read(int itemIndex) throws BatchException, IOException {
        reset(itemIndex);
        recording.forgetBefore(offset());
        JsonToken next = parser.nextToken();
        while (next == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Optional<String> refusal = members.add(name);
            if (refusal.isPresent()) {
                throw malformed(refusal.get());
            }
            JsonToken value = parser.nextToken();
            if (name.equals("body")) {
                bodyToken = value;
                bodyBegin = offset();
                parser.skipChildren();
                next = parser.nextToken();
                bodyEnd = offset();
            } else {
                readMember(name, value);
                next = parser.nextToken();
            }
        }
        return finish();
    }

    /** How many bytes longer than in the batch the body of the item is that has just been read, as text in UTF-32 for one. */
    long growth() {
        return growth;
    }

    private void reset(int itemIndex) {
        members.clear();
        index = itemIndex;
        id = null;
        method = "";
        url = "";
        headers = Headers.builder();
        fields = 0;
        dependsOn = List.of();
        atomicityGroup = null;
        bodyEncoding = null;
        bodyToken = null;
        growth = 0;
        fault = null;
    }

    private Subrequest finish() throws BatchException {
        if (id == null) {
            throw malformed("has no id");
        }
        if (!members.contains("method")) {
            fault("method is missing");
        }
        if (!members.contains("url")) {
            fault("url is missing");
        }
        ByteBuffer body = fault == null ? body() : null;
        return new Subrequest(
                index, id, method, url, headers.build(), body, dependsOn, atomicityGroup, labelledFault());
    }

    private void readMember(String name, JsonToken value) throws BatchException, IOException {
        switch (name) {
            case "id" -> readId(value);
            case "method" -> readMethod(value);
            case "url" -> readUrl(value);
            case "headers" -> readHeaders(value);
            case "dependsOn" -> readDependsOn(value);
            case "atomicityGroup" -> readAtomicityGroup(value);
            case "bodyEncoding" -> readBodyEncoding(value);
            case "if" -> readCondition(value);
            default -> parser.skipChildren();
        }
    }

    private void readId(JsonToken value) throws BatchException, IOException {
        boolean number = value == JsonToken.VALUE_NUMBER_INT;
        if (value != JsonToken.VALUE_STRING && (!number || dialect == Dialect.ODATA)) {
            String expected = dialect == Dialect.ODATA ? "no string" : "neither a string nor an integer";
            throw malformed("has an id that is " + expected + ", but " + JsonFaults.kind(value));
        }
        id = value == JsonToken.VALUE_NUMBER_INT ? ItemId.ofNumber(parser.getText()) : ItemId.of(parser.getText());
    }

    private void readMethod(JsonToken value) throws IOException {
        String written = readString("method", value).orElse(null);
        if (written == null) {
            return;
        }
        Optional<String> refusal = RequestLine.refusal(written);
        refusal.ifPresent(this::fault);
        method = refusal.isPresent() ? "" : RequestLine.normalize(written);
    }

    private void readUrl(JsonToken value) throws IOException {
        String written = readString("url", value).orElse(null);
        if (written == null) {
            return;
        }
        if (written.isEmpty()) {
            fault("url is empty");
        } else if (hasUnpairedSurrogate(written)) {
            fault("url has half a surrogate pair: " + Problem.quote(written));
        } else {
            url = written;
        }
    }

    private void readHeaders(JsonToken value) throws BatchException, IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_OBJECT) {
            fault("headers must be an object, but is " + JsonFaults.kind(value));
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken field = parser.nextToken();
            if (!HttpSyntax.isToken(name)) {
                fault("headers has a name that is no HTTP token: " + Problem.quote(name));
                parser.skipChildren();
            } else if (field == JsonToken.START_ARRAY) {
                for (JsonToken line = parser.nextToken(); line != JsonToken.END_ARRAY; line = parser.nextToken()) {
                    addHeader(name, line);
                }
            } else {
                addHeader(name, field);
            }
        }
    }

    private void addHeader(String name, JsonToken value) throws BatchException, IOException {
        if (value != JsonToken.VALUE_STRING) {
            fault("header " + Problem.quote(name) + " must be a string or an array of strings, but has "
                    + JsonFaults.kind(value));
            parser.skipChildren();
            return;
        }
        if (++fields > RequestLine.MAX_FIELDS) {
            tooManyFields();
            return;
        }
        String text = HttpSyntax.trim(parser.getText());
        if (HttpSyntax.isFieldValue(text)) {
            batch.reserveField();
            headers.add(name, text);
        } else {
            fault("header " + Problem.quote(name) + " has a control or a character outside Latin-1 in its value");
        }
    }

    private void tooManyFields() {
        if (fault == null) {
            fault = RequestLine.tooManyFields();
        }
    }

    private void readDependsOn(JsonToken value) throws BatchException, IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            throw malformed("has a dependsOn that is no array, but " + JsonFaults.kind(value));
        }
        // There are not more ids and groups than two for each earlier item: with one name more, one must be unknown.
        int enough = 2 * index + 1;
        Set<String> names = new LinkedHashSet<>();
        for (JsonToken name = parser.nextToken(); name != JsonToken.END_ARRAY; name = parser.nextToken()) {
            if (name != JsonToken.VALUE_STRING && name != JsonToken.VALUE_NUMBER_INT) {
                throw malformed("has something in its dependsOn that is no id, but " + JsonFaults.kind(name));
            }
            if (names.size() < enough) {
                names.add(parser.getText());
            }
        }
        dependsOn = List.copyOf(names);
    }

    private void readAtomicityGroup(JsonToken value) throws BatchException, IOException {
        if (value == JsonToken.VALUE_STRING) {
            atomicityGroup = parser.getText();
        } else if (value != JsonToken.VALUE_NULL) {
            throw malformed("has an atomicityGroup that is no string, but " + JsonFaults.kind(value));
        }
    }

    private void readBodyEncoding(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        Optional<String> name = readString("bodyEncoding", value);
        bodyEncoding = name.flatMap(ItemBody.Encoding::named).orElse(null);
        if (name.isPresent() && bodyEncoding == null) {
            fault("bodyEncoding must be 'json', 'text' or 'base64', but is " + Problem.quote(name.get()));
        }
    }

    /** OData's condition on other items' results (OData JSON Format 4.01, section 19.1). */
    private void readCondition(JsonToken value) throws IOException {
        parser.skipChildren();
        if (value != JsonToken.VALUE_NULL && fault == null) {
            fault = Problem.of(501, "not-implemented", "Not implemented").detail("'if' is not supported");
        }
    }

    /** The member's text; a fault, and empty, if it is no string. */
    private Optional<String> readString(String member, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return Optional.of(parser.getText());
        }
        fault(member + " must be a string, but is " + JsonFaults.kind(value));
        parser.skipChildren();
        return Optional.empty();
    }

    private @Nullable ByteBuffer body() throws BatchException {
        JsonToken token = bodyToken;
        if (token == null || (token == JsonToken.VALUE_NULL && bodyEncoding != ItemBody.Encoding.JSON)) {
            return null;
        }
        String contentType = headers.build().first("Content-Type").orElse(null);
        ItemBody.Encoding encoding = bodyEncoding == null ? ItemBody.Encoding.of(contentType) : bodyEncoding;
        if (encoding == ItemBody.Encoding.JSON && contentType == null) {
            batch.reserveField();
            headers.add("Content-Type", "application/json");
        }
        try {
            ByteBuffer body =
                    ItemBody.decode(trimmed(recording.view(bodyBegin, bodyEnd)), token, encoding, contentType);
            growth = body.remaining() - (bodyEnd - bodyBegin);
            return body;
        } catch (ItemBody.UnsuitableBodyException e) {
            fault(e.detail());
            return null;
        }
    }

    /** Cuts off what may stand between a value and the token after it. */
    private static ByteBuffer trimmed(ByteBuffer value) {
        int end = value.limit();
        while (" \t\r\n,".indexOf(value.get(end - 1)) >= 0) {
            end--;
        }
        return value.limit(end);
    }

    private static boolean hasUnpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
            }
        }
        return false;
    }

    private long offset() {
        return parser.currentTokenLocation().getByteOffset();
    }

    private void fault(String detail) {
        if (fault == null) {
            fault = Problem.malformedRequest(detail);
        }
    }

    private @Nullable Problem labelledFault() {
        return fault == null ? null : fault.detail("Item " + label() + ": " + fault.detail());
    }

    private BatchException malformed(String detail) {
        return JsonFaults.malformed("Item " + label() + " " + detail, parser);
    }

    /** What to call the item, as far as it has been read. */
    private String label() {
        return id == null ? "#" + (index + 1) : Problem.quote(id.text());
    }
}
