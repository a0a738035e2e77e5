package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrowserModuleTest {
    private static final String PATH = "/multistatus/batch.js";
    private static final int MOST_BYTES_COMPRESSED = 6 * 1024;

    private final BrowserModule module = BrowserModule.packaged();

    private RecordedResponse get(String... headers) throws IOException {
        return RecordedResponse.of(module, "GET", PATH, headers);
    }

    private static byte[] packaged(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                BrowserModuleTest.class.getResourceAsStream("/META-INF/resources/multistatus/" + name), name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] unzipped(byte[] compressed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void itIsSmall() throws IOException {
        assertThat(get("Accept-Encoding", "gzip").body()).hasSizeBetween(100, MOST_BYTES_COMPRESSED - 1);
    }

    @Test
    void itIsAModuleOfItsOwn() throws IOException {
        String text = get().text();

        assertThat(text).contains("export const{createBatcher,BatchError}=").contains("import.meta.url");
        assertThat(get().all("SourceMap")).containsExactly("batch.js.map");
        assertThat(Pattern.compile("\\bimport\\b(?!\\.meta)[^,;}]*")
                        .matcher(text)
                        .results())
                .extracting(MatchResult::group)
                .as("what more there is to load")
                .singleElement()
                .asString()
                .matches("import\\('\\./batches\\.js\\?[0-9a-f]{6}'\\+n\\)");
    }

    @Test
    void whatItLoadsWhenItIsNeededIsBesideItAndLoadsNoMore() throws IOException {
        String text =
                RecordedResponse.of(module, "GET", "/multistatus/batches.js").text();

        assertThat(text).contains("export const{").doesNotContainPattern("\\bimport\\b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch.js", "batches.js"})
    void theSourceMapHasTheSourcesAndNamesNoFolderOfTheBuild(String name) throws IOException {
        JsonNode map = new ObjectMapper().readTree(packaged(name + ".map"));

        assertThat(map.path("file").asText()).isEqualTo(name);
        assertThat(map.path("sources"))
                .map(JsonNode::asText)
                .contains("served/" + name)
                .allMatch(source -> source.matches("(served/)?\\w+\\.js"));
        assertThat(map.path("sourcesContent").size())
                .isEqualTo(map.path("sources").size());
    }

    @ParameterizedTest
    @CsvSource({
        "batch.js, text/javascript;charset=utf-8",
        "batch.js.map, application/json",
        "batches.js, text/javascript;charset=utf-8",
        "batches.js.map, application/json",
        "batch.d.ts, text/plain;charset=utf-8",
    })
    void eachFileIsServedAsWhatItIs(String name, String contentType) throws IOException {
        RecordedResponse response = RecordedResponse.of(module, "GET", "/multistatus/" + name);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.contentType()).isEqualTo(contentType);
        assertThat(response.body()).isEqualTo(packaged(name));
        assertThat(response.contentLength()).isEqualTo(response.body().length);
        assertThat(response.all("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(response.all("Cache-Control")).containsExactly("max-age=600");
        assertThat(response.all("Vary")).containsExactly("Accept-Encoding");
        assertThat(response.all("Content-Encoding")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "br, gzip",
                "x-GZIP",
                "gzip;q=0.001",
                "gzip; q=1.000",
                "*",
                "br;q=1, *;q=0.5",
                "*;q=0,gzip"
            })
    void whoAcceptsGzipGetsIt(String accepted) throws IOException {
        RecordedResponse response = get("Accept-Encoding", accepted);

        assertThat(response.all("Content-Encoding")).containsExactly("gzip");
        assertThat(response.contentLength()).isEqualTo(response.body().length);
        assertThat(unzipped(response.body())).isEqualTo(packaged("batch.js"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "br",
                "identity",
                "gzip;q=0",
                "gzip;q=0.000",
                "*, gzip;q=0",
                "*;q=0",
                "gzip;q=lots",
                "gzipped"
            })
    void whoDoesNotGetsItPlain(String accepted) throws IOException {
        RecordedResponse response = get("Accept-Encoding", accepted);

        assertThat(response.all("Content-Encoding")).isEmpty();
        assertThat(response.body()).isEqualTo(packaged("batch.js"));
    }

    @Test
    void fieldsThatAreRepeatedAreOneList() throws IOException {
        assertThat(get("Accept-Encoding", "br", "Accept-Encoding", "gzip").all("Content-Encoding"))
                .containsExactly("gzip");
    }

    @Test
    void eachEncodingHasAStrongTagOfItsOwn() throws IOException {
        String plain = get().etag();
        String gzip = get("Accept-Encoding", "gzip").etag();

        assertThat(List.of(plain, gzip))
                .allMatch(tag -> tag.matches("\"[\\w-]{22}\""))
                .doesNotHaveDuplicates();
        assertThat(RecordedResponse.of(BrowserModule.packaged(), "GET", PATH).etag())
                .isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
    void whoHasItIsTold(String ifNoneMatch) throws IOException {
        RecordedResponse whole = get("Accept-Encoding", "gzip");
        RecordedResponse response =
                get("Accept-Encoding", "gzip", "If-None-Match", ifNoneMatch.formatted(whole.etag()));

        assertThat(response.status()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertThat(response.etag()).isEqualTo(whole.etag());
        for (String name : List.of("Cache-Control", "Vary")) {
            assertThat(response.all(name)).isEqualTo(whole.all(name)).hasSize(1);
        }
    }

    @Test
    void whoHasAnotherOneGetsIt() throws IOException {
        String plain = get().etag();

        assertThat(get("Accept-Encoding", "gzip", "If-None-Match", plain).status())
                .isEqualTo(200);
        assertThat(get("If-None-Match", plain.replace("\"", "")).status()).isEqualTo(200);
    }

    @Test
    void headHasTheHeadersAndNoBody() throws IOException {
        RecordedResponse get = get("Accept-Encoding", "gzip");
        RecordedResponse head = RecordedResponse.of(module, "HEAD", PATH, "Accept-Encoding", "gzip");

        assertThat(head.body()).isEmpty();
        assertThat(head.contentLength()).isEqualTo(get.body().length);
        assertThat(head.headers()).isEqualTo(get.headers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get"})
    void otherMethodsAreTheApps(String method) {
        assertThat(module.answers(method, PATH)).isFalse();
        assertThat(module.answers("GET", PATH)).isTrue();
    }

    @Test
    void otherPathsAreTheApps() {
        assertThat(Arrays.asList("/multistatus", "/multistatus/", "/multistatus/other.js", "/batch.js", PATH + "/"))
                .noneMatch(path -> module.answers("GET", path));
        assertThat(BrowserModule.none().answers("GET", PATH)).isFalse();
    }

    @Test
    void theTypesAreThoseOfTheSources() throws IOException {
        assertThat(new String(packaged("batch.d.ts"), StandardCharsets.UTF_8))
                .contains("export function createBatcher(options?: BatcherOptions): Batcher;");
    }
}
