package io.multistatus.equivalence;

import static io.multistatus.equivalence.RequestCase.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The module for browsers, as the container sends it. */
@Tag("container")
@Tag("equivalence")
class BrowserModuleIT {
    private static final HostContainer CONTAINER = HostContainer.ofThisRun();
    private static final RequestCase MODULE = get("/app/multistatus/batch.js");
    private static Laboratory laboratory;

    @BeforeAll
    static void start() throws IOException {
        laboratory = Laboratory.open(CONTAINER, HostOptions.with(Map.of()));
    }

    @AfterAll
    static void stop() throws IOException {
        laboratory.close();
    }

    @Test
    void itIsThereAsAModule() throws IOException {
        HttpAnswer answer = laboratory.overTheWire(MODULE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.broken()).isNull();
        assertThat(answer.first("Content-Type").orElseThrow()).matches("text/javascript; ?charset=(?i:utf-8)");
        assertThat(answer.all("Content-Length")).containsExactly(Integer.toString(answer.body().length));
        assertThat(answer.text()).contains("export const{createBatcher,BatchError}=");
    }

    @Test
    void itsMapAndItsTypesAreBesideIt() throws IOException {
        assertThat(laboratory.overTheWire(get("/app/multistatus/batch.js.map")).text())
                .startsWith("{");
        assertThat(laboratory.overTheWire(get("/app/multistatus/batch.d.ts")).text())
                .contains("createBatcher");
    }

    @Test
    void itIsCompressedForThoseWhoAcceptThat() throws IOException {
        HttpAnswer plain = laboratory.overTheWire(MODULE);
        HttpAnswer compressed = laboratory.overTheWire(MODULE.with("Accept-Encoding", "gzip, br"));

        assertThat(compressed.all("Content-Encoding")).containsExactly("gzip");
        assertThat(compressed.all("Vary")).containsExactly("Accept-Encoding");
        assertThat(compressed.first("ETag")).isPresent().isNotEqualTo(plain.first("ETag"));
        assertThat(compressed.all("Content-Length")).containsExactly(Integer.toString(compressed.body().length));
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(unzipped.readAllBytes()).isEqualTo(plain.body());
        }
    }

    @Test
    void whoHasItIsToldSo() throws IOException {
        String etag = laboratory.overTheWire(MODULE).first("ETag").orElseThrow();
        HttpAnswer answer = laboratory.overTheWire(MODULE.with("If-None-Match", etag));

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.broken()).isNull();
        assertThat(answer.first("ETag")).contains(etag);
    }

    @Test
    void headHasTheLengthAndNoBody() throws IOException {
        HttpAnswer whole = laboratory.overTheWire(MODULE);
        HttpAnswer head = laboratory.overTheWire(RequestCase.of("HEAD", MODULE.target()));

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.all("Content-Length")).containsExactly(Integer.toString(whole.body().length));
        assertThat(head.first("ETag")).isEqualTo(whole.first("ETag"));
    }

    @Test
    void anItemGetsItAsAnyResource() throws IOException {
        HttpAnswer alone = laboratory.overTheWire(MODULE);
        BatchAnswer batch = laboratory.inOneBatch(List.of(MODULE));

        ItemAnswer item = batch.item("0");
        assertThat(Appearance.of(item, batch.http().clientPort())).isEqualTo(Appearance.of(alone, item.body()));
    }

    @Test
    void whatElseIsAskedForThereIsTheApps() throws IOException {
        for (RequestCase request : List.of(
                get("/app/multistatus/"),
                get("/app/multistatus/other.js"),
                get("/app/echo/multistatus/batch.js"),
                RequestCase.of("OPTIONS", MODULE.target()),
                RequestCase.of("DELETE", MODULE.target()))) {
            assertThat(laboratory.overTheWire(request).first("ETag"))
                    .as(request.name())
                    .isEmpty();
        }
    }

    @Test
    void whereItIsSwitchedOffTheAppIsAsked() throws IOException {
        try (Laboratory without = Laboratory.open(CONTAINER, HostOptions.with(Map.of("module", "false")))) {
            assertThat(without.overTheWire(MODULE).status()).isEqualTo(404);
        }
    }
}
