package io.multistatus.job;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Batches and answers as bytes, and back: what is read equals what was written, but that a member of a problem which is neither
 * a number nor a text has become its text. The first byte says what it is, the second in which version of this format.
 */
final class JobCodec {
    private static final byte BATCH = 'B';
    private static final byte ANSWER = 'A';
    private static final byte VERSION = 1;
    /** Which bytes a text is written in; one each for what is Latin, as most of them are. */
    private static final byte LATIN_1 = 1;

    private static final byte UTF_16 = 2;
    private static final byte NUMBER = 1;
    private static final byte LONG_NUMBER = 2;
    private static final byte TEXT = 3;

    private JobCodec() {}

    static byte[] encode(Batch batch) {
        return encode(BATCH, out -> {
            out.writeInt(batch.size());
            for (Subrequest item : batch.items()) {
                write(item, out);
            }
        });
    }

    /** Without the index of its item. */
    static byte[] encode(JobAnswer answer) {
        return encode(ANSWER, out -> {
            Subresponse response = answer.response();
            write(answer.target(), out);
            out.writeInt(response.status());
            write(response.headers(), out);
            write(response.body(), out);
            write(response.problem(), out);
        });
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] encode(byte kind, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(kind);
            out.writeByte(VERSION);
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(Subrequest item, DataOutputStream out) throws IOException {
        ItemId id = item.id();
        out.writeBoolean(id != null);
        if (id != null) {
            write(id.text(), out);
            write(id.spelling().name(), out);
            out.writeInt(id.scope());
        }
        write(item.method(), out);
        write(item.url(), out);
        write(item.headers(), out);
        ByteBuffer body = item.body();
        out.writeBoolean(body != null);
        if (body != null) {
            write(body, out);
        }
        out.writeInt(item.dependsOn().size());
        for (String name : item.dependsOn()) {
            write(name, out);
        }
        String group = item.atomicityGroup();
        out.writeBoolean(group != null);
        if (group != null) {
            write(group, out);
        }
        write(item.fault(), out);
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        boolean latin = text.chars().allMatch(c -> c <= 0xff);
        out.writeByte(latin ? LATIN_1 : UTF_16);
        out.writeInt(text.length());
        if (latin) {
            out.writeBytes(text);
        } else {
            out.writeChars(text);
        }
    }

    private static void write(Headers headers, DataOutputStream out) throws IOException {
        out.writeInt(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            write(headers.name(i), out);
            write(headers.value(i), out);
        }
    }

    private static void write(ByteBuffer body, DataOutputStream out) throws IOException {
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void write(@Nullable Problem problem, DataOutputStream out) throws IOException {
        out.writeBoolean(problem != null);
        if (problem == null) {
            return;
        }
        out.writeInt(problem.status());
        write(problem.name(), out);
        write(problem.title(), out);
        write(problem.detail(), out);
        out.writeInt(problem.members().size());
        for (Map.Entry<String, Object> member : problem.members().entrySet()) {
            write(member.getKey(), out);
            Object value = member.getValue();
            if (value instanceof Integer number) {
                out.writeByte(NUMBER);
                out.writeInt(number);
            } else if (value instanceof Number number) {
                out.writeByte(LONG_NUMBER);
                out.writeLong(number.longValue());
            } else {
                out.writeByte(TEXT);
                write(value.toString(), out);
            }
        }
    }

    /**
     * What {@link #encode(Batch)} has written. The bodies are parts of {@code bytes}.
     *
     * @throws StreamCorruptedException if it is not, or is of a version unknown here; the message says what is wrong
     */
    static Batch decodeBatch(byte[] bytes) throws StreamCorruptedException {
        Reader in = new Reader(bytes, BATCH);
        int size = in.length(1);
        List<Subrequest> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(in.item(i));
        }
        in.end();
        return new Batch(items);
    }

    /**
     * What {@link #encode(JobAnswer)} has written. The body is a part of {@code bytes}.
     *
     * @throws StreamCorruptedException if it is not, or is of a version unknown here; the message says what is wrong
     */
    static JobAnswer decodeAnswer(int item, byte[] bytes) throws StreamCorruptedException {
        Reader in = new Reader(bytes, ANSWER);
        String target = in.text();
        Subresponse response = new Subresponse(in.number(), in.headers(), in.body(), in.problem());
        in.end();
        return new JobAnswer(item, target, response);
    }

    /** Takes nothing for granted: no array is made that is longer than the bytes that are left. */
    private static final class Reader {
        private final ByteBuffer in;

        Reader(byte[] bytes, byte kind) throws StreamCorruptedException {
            in = ByteBuffer.wrap(bytes);
            byte found = next();
            if (found != kind) {
                throw corrupt("it begins with " + found + " and not with " + kind);
            }
            byte version = next();
            if (version != VERSION) {
                throw corrupt("it is of version " + version + ", and only " + VERSION + " is known");
            }
        }

        private StreamCorruptedException corrupt(String what) {
            return new StreamCorruptedException(what + " (byte " + in.position() + " of " + in.limit() + ")");
        }

        private void need(int bytes) throws StreamCorruptedException {
            if (in.remaining() < bytes) {
                throw corrupt("it ends too early");
            }
        }

        private byte next() throws StreamCorruptedException {
            need(1);
            return in.get();
        }

        private boolean flag() throws StreamCorruptedException {
            byte value = next();
            if (value != 0 && value != 1) {
                throw corrupt("it has " + value + " where there is yes or no");
            }
            return value == 1;
        }

        int number() throws StreamCorruptedException {
            need(Integer.BYTES);
            return in.getInt();
        }

        private long longNumber() throws StreamCorruptedException {
            need(Long.BYTES);
            return in.getLong();
        }

        /** Of something of which each takes that many bytes at least. */
        int length(int unit) throws StreamCorruptedException {
            int length = number();
            if (length < 0 || length > in.remaining() / unit) {
                throw corrupt("it has a length of " + length + " where only " + in.remaining() + " bytes follow");
            }
            return length;
        }

        String text() throws StreamCorruptedException {
            byte coding = next();
            if (coding == LATIN_1) {
                byte[] bytes = new byte[length(1)];
                in.get(bytes);
                return new String(bytes, StandardCharsets.ISO_8859_1);
            }
            if (coding == UTF_16) {
                char[] chars = new char[length(Character.BYTES)];
                for (int i = 0; i < chars.length; i++) {
                    chars[i] = in.getChar();
                }
                return new String(chars);
            }
            throw corrupt("it has a text in an unknown coding, " + coding);
        }

        Subrequest item(int index) throws StreamCorruptedException {
            ItemId id = flag() ? new ItemId(text(), spelling(), number()) : null;
            String method = text();
            String url = text();
            Headers headers = headers();
            ByteBuffer body = flag() ? body() : null;
            int dependencies = length(1);
            List<String> dependsOn = new ArrayList<>();
            for (int i = 0; i < dependencies; i++) {
                dependsOn.add(text());
            }
            String group = flag() ? text() : null;
            return new Subrequest(index, id, method, url, headers, body, dependsOn, group, problem());
        }

        private ItemId.Spelling spelling() throws StreamCorruptedException {
            String name = text();
            for (ItemId.Spelling spelling : ItemId.Spelling.values()) {
                if (spelling.name().equals(name)) {
                    return spelling;
                }
            }
            throw corrupt("it has an id in an unknown spelling, " + Problem.quote(name));
        }

        Headers headers() throws StreamCorruptedException {
            int size = length(2);
            Headers.Builder headers = Headers.builder();
            for (int i = 0; i < size; i++) {
                headers.add(text(), text());
            }
            return headers.build();
        }

        ByteBuffer body() throws StreamCorruptedException {
            int length = length(1);
            ByteBuffer body = in.slice(in.position(), length);
            in.position(in.position() + length);
            return body;
        }

        @Nullable
        Problem problem() throws StreamCorruptedException {
            if (!flag()) {
                return null;
            }
            int status = number();
            String name = text();
            String title = text();
            String detail = text();
            int size = length(2);
            Map<String, Object> members = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                members.put(text(), member());
            }
            return new Problem(status, name, title, detail, members);
        }

        private Object member() throws StreamCorruptedException {
            byte type = next();
            return switch (type) {
                case NUMBER -> number();
                case LONG_NUMBER -> longNumber();
                case TEXT -> text();
                default -> throw corrupt("it has a value of an unknown type, " + type);
            };
        }

        void end() throws StreamCorruptedException {
            if (in.hasRemaining()) {
                throw corrupt("more bytes follow than there should");
            }
        }
    }
}
