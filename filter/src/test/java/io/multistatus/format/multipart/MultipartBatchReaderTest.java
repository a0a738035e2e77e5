package io.multistatus.format.multipart;

import static io.multistatus.format.multipart.Multiparts.body;
import static io.multistatus.format.multipart.Multiparts.fault;
import static io.multistatus.format.multipart.Multiparts.read;
import static io.multistatus.format.multipart.Multiparts.readBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.model.Batch;
import io.multistatus.model.BatchException;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartBatchReaderTest {

    @Test
    void readsRequestsWithAndWithoutBodies() throws Exception {
        Batch batch = read(
                "--b",
                "Content-Type: application/http",
                "Content-Transfer-Encoding: binary",
                "Content-ID: <1>",
                "",
                "POST /carts?a=b HTTP/1.1",
                "Content-Type: application/json",
                "X-Two: 1",
                "X-Two: 2",
                "",
                "{\"customer\": \"Ada\"}",
                "--b",
                "content-type: application/http; msgtype=request",
                "content-id: two",
                "",
                "GET https://shop.example/carts HTTP/1.1",
                "",
                "",
                "--b--",
                "");

        assertThat(batch.items()).hasSize(2);
        Subrequest post = batch.items().get(0);
        assertThat(post.id()).isEqualTo(new ItemId("1", ItemId.Spelling.BRACKETED));
        assertThat(post.method()).isEqualTo("POST");
        assertThat(post.url()).isEqualTo("/carts?a=b");
        assertThat(post.headers().all("X-Two")).containsExactly("1", "2");
        assertThat(body(post)).isEqualTo("{\"customer\": \"Ada\"}");
        assertThat(post.atomicityGroup()).isNull();
        Subrequest get = batch.items().get(1);
        assertThat(get.id()).isEqualTo(ItemId.of("two"));
        assertThat(get.url()).isEqualTo("https://shop.example/carts");
        assertThat(get.body()).isNull();
        assertThat(batch.items()).extracting(Subrequest::fault).containsOnlyNulls();
    }

    @Test
    void lineBreaksMayBeLineFeedsAndRequestLinesMayHaveNoVersion() throws Exception {
        Batch batch = readBytes(
                Multiparts.TYPE,
                "preamble\n--b\nContent-Type: application/http\n\n\n\nput things\nA: b\n\nbody\n\n--b--\nepilogue"
                        .getBytes(StandardCharsets.ISO_8859_1));

        Subrequest item = batch.items().get(0);
        assertThat(item.method()).isEqualTo("PUT");
        assertThat(item.url()).isEqualTo("things");
        assertThat(item.headers().first("A")).hasValue("b");
        assertThat(body(item)).isEqualTo("body\n");
        assertThat(item.id()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed; boundary=\"a b=c\"",
                "multipart/mixed;boundary=a b=c",
                "multipart/mixed; charset=utf-8; BOUNDARY=a b=c; x=y",
                "multipart/mixed; boundary=\"a\\ b=c\"",
                "multipart/mixed; type=\"application/http;boundary=zz\"; boundary=a b=c",
                "multipart/mixed; type=\"\\\";boundary=zz\"; x=\"boundary=y\";boundary=a b=c",
                "multipart/batch; boundary=\"a b=c\""
            })
    void theBoundaryMayBeQuotedOrNot(String contentType) throws Exception {
        byte[] body = "\r\n--a b=c  \t\r\n\r\nGET /x\r\n--a b=c-- ".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(readBytes(contentType, body).items())
                .extracting(Subrequest::url)
                .containsExactly("/x");
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/mixed, has no boundary",
        "multipart/mixed; boundary=, has no boundary",
        "multipart/mixed; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x, must have 1 to 70",
        "multipart/mixed; boundary=other, no line of the body is the delimiter '--other'",
    })
    void aBatchWithoutItsBoundaryIsMalformed(String contentType, String detail) {
        assertThatThrownBy(() -> readBytes(contentType, "--b\r\n\r\nGET /x\r\n--b--".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--b\r\n\r\nGET /x\r\n", "--b\r\n\r\nGET /x\r\n--b", "--b\r\n\r\nGET /x\r\n--b-", "--b"})
    void aBatchThatDoesNotEndIsMalformed(String body) {
        assertThatThrownBy(() -> readBytes(Multiparts.TYPE, body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("without the closing delimiter '--b--'");
    }

    @Test
    void bodiesKeepEveryByteWhateverTheStreamHandsOut() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 70_000; i++) {
            bytes.write((i * 31) >> 3);
        }
        bytes.writeBytes("\r\n--bc\r\n -- b\r\n--\r\n--b x\r\n\r\r\n\n\r".getBytes(StandardCharsets.ISO_8859_1));
        byte[] content = bytes.toByteArray();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes("--b\r\n\r\nPOST /x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        message.writeBytes(content);
        message.writeBytes("\r\n--b\r\n\r\nGET /y\r\n--b--".getBytes(StandardCharsets.ISO_8859_1));

        for (int atOnce : new int[] {1, 7, 8191, 1 << 20}) {
            Batch batch = read(Multiparts.TYPE, new Dripping(message.toByteArray(), atOnce));
            assertThat(body(batch.items().get(0))).isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
            assertThat(batch.items().get(1).url()).isEqualTo("/y");
        }
    }

    private static final class Dripping extends ByteArrayInputStream {
        private final int atOnce;

        Dripping(byte[] bytes, int atOnce) {
            super(bytes);
            this.atOnce = atOnce;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, atOnce));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "DELETE, true", "OPTIONS, true", "POST, false", "PATCH, false"})
    void lineBreaksAreNoBodyWhereNoneIsToBeExpected(String method, boolean none) throws Exception {
        Batch batch = read("--b", "", method + " /x HTTP/1.1", "", "", "", "--b--");
        assertThat(body(batch.items().get(0))).isEqualTo(none ? null : "\r\n");
    }

    @Test
    void aContentLengthMayLeaveOutLineBreaksOnly() throws Exception {
        Batch batch = read(
                "--b",
                "",
                "POST /a HTTP/1.1",
                "Content-Length: 4",
                "",
                "body",
                "",
                "",
                "--b",
                "",
                "POST /b HTTP/1.1",
                "content-length: 6",
                "",
                "body",
                "--b",
                "",
                "POST /c HTTP/1.1",
                "Content-Length: 0",
                "",
                "--b",
                "",
                "POST /d HTTP/1.1",
                "Content-Length: 3",
                "",
                "body",
                "--b",
                "",
                "POST /e HTTP/1.1",
                "Content-Length: 7",
                "",
                "body",
                "--b",
                "",
                "POST /f HTTP/1.1",
                "Content-Length: -4",
                "",
                "body",
                "--b",
                "",
                "POST /g HTTP/1.1",
                "Content-Length: 4",
                "Content-Length: 5",
                "",
                "body",
                "--b",
                "",
                "POST /h HTTP/1.1",
                "Content-Length: 99999999999999999999",
                "",
                "body",
                "--b--");

        List<Subrequest> items = batch.items();
        assertThat(items.subList(0, 3)).extracting(Multiparts::body).containsExactly("body", "body\r\n", "");
        assertThat(items.get(0).headers().names()).isEmpty();
        for (Subrequest wrong : items.subList(3, items.size())) {
            assertThat(fault(wrong)).contains("Content-Length is").contains("the body has 4 bytes");
        }
    }

    /** Regression: the first request was left out, and the others ran. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ef\u00bb\u00bf--b",
                "  --b",
                "\t--b",
                "\u00ef\u00bb\u00bf --b",
                "--b trailing",
                "--b\r\rPOST /0"
            })
    void aFirstDelimiterThatIsBrokenIsNoPreamble(String delimiter) throws Exception {
        assertThatThrownBy(() -> read(delimiter, "", "POST /first", "--b", "", "GET /second", "--b--"))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("looks like the delimiter '--b'");
        Batch batch = read(
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                delimiter.replace("--b", "--c"),
                "",
                "POST /first",
                "--c",
                "",
                "PUT /second",
                "--c--",
                "--b",
                "",
                "GET /third",
                "--b--");
        assertThat(batch.size()).isEqualTo(2);
        assertThat(fault(batch.items().get(0))).contains("looks like the delimiter '--c'");
        assertThat(batch.items().get(1).url()).isEqualTo("/third");
    }

    @Test
    void aPreambleIsForNobody() throws Exception {
        Batch batch = read("This is MIME:", " - --b", "-- b", "", "--b", "", "GET /x", "--b--");
        assertThat(batch.items()).extracting(Subrequest::url).containsExactly("/x");
    }

    @Test
    void partsBeforeTheFirstDelimiterDoNotGoUnseen() throws Exception {
        assertThatThrownBy(() -> read("\u00ef\u00bb\u00bf--b", "", "GET /x", "--b--"))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("looks like the delimiter '--b', but has something before or behind it");
        assertThatThrownBy(() -> read("GET /x", "--b--"))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("something before the closing delimiter '--b--', but no delimiter '--b'");
        Batch batch = read(
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                "  --c",
                "",
                "PUT /x",
                "--c--",
                "--b",
                "Content-Type: multipart/mixed; boundary=c",
                "",
                " ",
                "--c--",
                "--b--");
        assertThat(batch.items()).hasSize(2);
        assertThat(fault(batch.items().get(0))).contains("looks like the delimiter '--c'");
        assertThat(fault(batch.items().get(1))).contains("the change set has no requests");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|does not begin with a request line",
                "/x GET HTTP/1.1|method must be an HTTP token",
                "GET /a b HTTP/1.1|does not begin with a request line",
                "TRACE /x|method TRACE is not allowed",
                "HTTP/1.1 200 OK|does not begin with a request line",
            })
    void aPartWithoutARequestLineIsThatItemsFault(String line, String detail) throws Exception {
        Batch batch = read("--b", "Content-ID: 1", "", line, "", "--b", "", "GET /y", "--b--");
        assertThat(fault(batch.items().get(0))).startsWith("Item '1': ").contains(detail);
        assertThat(batch.items().get(1).url()).isEqualTo("/y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host|no name that is an HTTP token",
                "X y: z|no name that is an HTTP token",
                "Host : z|no name that is an HTTP token",
                ": z|no name that is an HTTP token",
                "X: a\u0000b|has a control in its value",
                "X: a^Y: b|has a control in its value",
            })
    void brokenHeadersAreThatItemsFault(String written, String detail) throws Exception {
        String line = written.replace('^', '\r');
        Batch batch =
                read("--b", "", "GET /x", line, "Y: z", "", "--b", line, "", "GET /z", "--b", "", "GET /y", "--b--");
        assertThat(fault(batch.items().get(0))).contains(detail);
        assertThat(fault(batch.items().get(1))).contains(detail);
        assertThat(batch.items().get(2).fault()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type: text/plain", "Content-Transfer-Encoding: base64"})
    void partsThatAreNoRequestsAreFaults(String field) throws Exception {
        Batch batch = read("--b", field, "", "GET /x", "--b--");
        assertThat(fault(batch.items().get(0))).contains(field.substring(field.indexOf(' ') + 1));
    }

    @Test
    void foldedFieldsAreOneLine() throws Exception {
        Batch batch = read("--b", "", "GET /x", "X: a", "  b", "\tc", "", "--b--");
        assertThat(batch.items().get(0).headers().first("X")).hasValue("a b c");
    }

    @Test
    void tooManyFieldsAreThatItemsFault() throws Exception {
        String fields = "A: b\r\n".repeat(2049);
        Batch batch = read("--b", "", "GET /x", fields, "--b", fields, "GET /y", "--b", "", "GET /z", "--b--");
        assertThat(fault(batch.items().get(0))).contains("more than 2048 fields");
        assertThat(fault(batch.items().get(1))).contains("more than 2048 fields");
        assertThat(batch.items().get(2).fault()).isNull();
    }

    @Test
    void oneItemTooManyIsRefusedBeforeTheRestIsRead() {
        StringBuilder body = new StringBuilder("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n");
        body.append("--c\r\n\r\nGET /x\r\n".repeat(101)).append("never ends");
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(body.toString().getBytes(StandardCharsets.UTF_8)), new Forbidden());
        assertThatThrownBy(() -> read(Multiparts.TYPE, endless))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("more than 100 requests");
    }

    private static final class Forbidden extends InputStream {
        @Override
        public int read() {
            throw new AssertionError("read too far");
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            throw new AssertionError("read too far");
        }
    }

    @Test
    void aBatchMayBeEmpty() throws Exception {
        assertThat(read("--b--").items()).isEmpty();
        assertThat(read("", "--b--", "epilogue").items()).isEmpty();
    }

    @Test
    void languagesDoNotMatter() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(new Locale("tr"));
        try {
            assertThat(read("--b", "CONTENT-ID: I", "", "options /x", "--b--").items())
                    .extracting(Subrequest::method)
                    .containsExactly("OPTIONS");
        } finally {
            Locale.setDefault(before);
        }
    }
}
