package io.multistatus.format.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.multistatus.content.StrictJson;
import io.multistatus.format.Dialect;
import io.multistatus.format.LimitExceededException;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchBuilder;
import io.multistatus.model.BatchException;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Optional;

/** Reads one batch, item by item; at no time is more than one item in memory as JSON. Not thread-safe. */
final class JsonBatchReader {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final JsonParser parser;
    private final JsonItemReader items;
    private final BatchBuilder batch;

    private JsonBatchReader(Dialect dialect, JsonParser parser, RecordingInputStream recording, BatchBuilder batch) {
        this.parser = parser;
        this.items = new JsonItemReader(dialect, parser, recording, batch);
        this.batch = batch;
    }

    /** See {@link io.multistatus.format.BatchFormat#read}. */
    static Batch read(Dialect dialect, InputStream body, BatchBuilder batch) throws BatchException, IOException {
        try {
            RecordingInputStream recording = new RecordingInputStream(withoutByteOrderMark(body));
            try (JsonParser parser = StrictJson.parser(recording)) {
                return new JsonBatchReader(dialect, parser, recording, batch).read();
            }
        } catch (LimitExceededException e) {
            throw e.asBatchException();
        } catch (RecordingInputStream.NotUtf8Exception e) {
            throw new BatchException(Problem.malformedBatch("The batch is not UTF-8: " + e.getMessage()), e);
        }
    }

    private static InputStream withoutByteOrderMark(InputStream body) throws IOException {
        PushbackInputStream stream = new PushbackInputStream(body, BYTE_ORDER_MARK.length);
        byte[] head = stream.readNBytes(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(head, BYTE_ORDER_MARK)) {
            stream.unread(head);
        }
        return stream;
    }

    private Batch read() throws BatchException, IOException {
        try {
            readRoot();
            if (parser.nextToken() != null) {
                throw JsonFaults.malformed("Something follows the batch's JSON object", parser);
            }
            return batch.build();
        } catch (JsonProcessingException e) {
            throw JsonFaults.notJson(e, parser);
        }
    }

    private void readRoot() throws BatchException, IOException {
        JsonToken root = parser.nextToken();
        if (root == null) {
            throw new BatchException(Problem.malformedBatch("The batch is empty; a JSON object is expected"));
        }
        if (root != JsonToken.START_OBJECT) {
            throw JsonFaults.malformed("The batch must be a JSON object, but is " + JsonFaults.kind(root), parser);
        }
        MemberNames members = new MemberNames();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Optional<String> refusal = members.add(name);
            if (refusal.isPresent()) {
                throw JsonFaults.malformed("The batch " + refusal.get(), parser);
            }
            JsonToken value = parser.nextToken();
            if (name.equals("requests")) {
                readRequests(value);
            } else {
                parser.skipChildren();
            }
        }
        if (!members.contains("requests")) {
            throw new BatchException(Problem.malformedBatch("The batch has no member 'requests'"));
        }
    }

    private void readRequests(JsonToken array) throws BatchException, IOException {
        if (array != JsonToken.START_ARRAY) {
            throw JsonFaults.malformed("'requests' must be an array, but is " + JsonFaults.kind(array), parser);
        }
        JsonToken item = parser.nextToken();
        while (item != JsonToken.END_ARRAY) {
            batch.beforeNext(0);
            if (item != JsonToken.START_OBJECT) {
                throw JsonFaults.malformed(
                        "Item #" + (batch.size() + 1) + " must be an object, but is " + JsonFaults.kind(item), parser);
            }
            Subrequest read = items.read(batch.size());
            batch.reserve(items.growth());
            batch.reserveItem(read);
            batch.add(read);
            item = parser.nextToken();
        }
    }
}
