package io.multistatus.demo;

import static io.multistatus.demo.Visitor.header;
import static io.multistatus.demo.Visitor.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialResourcesIT {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    /** What a page or a module names to be loaded, apart from places in itself. */
    private static final Pattern LINK =
            Pattern.compile("(?:href=\"|src=\"|(?:from|import) ')([^#\"':][^\"']*\\.(?:js|css|svg))[\"']");

    private final Visitor visitor = demo.visitor();

    @Test
    void theTinyResourceIsElevenBytes() {
        HttpResponse<String> response = visitor.get("/api/tiny");

        assertThat(response.body()).isEqualTo("{\"ok\":true}");
        assertThat(header(response, "Content-Length")).isEqualTo("11");
    }

    @Test
    void theReportIsAnsweredAsynchronously() {
        HttpResponse<String> response = visitor.get("/api/reports/daily");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("products").intValue()).isEqualTo(60);
    }

    @Test
    void theShopIsHealthy() {
        HttpResponse<String> response = visitor.get("/health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("database").textValue()).isEqualTo("up");
    }

    @Test
    void theSlowResourceTakesItsTime() {
        long begun = System.nanoTime();

        HttpResponse<String> response = visitor.get("/api/slow?ms=150");

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(150_000_000L);
        assertThat(response.body()).isEqualTo("{\"sleptMillis\":150}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/slow?ms=60001", "/api/slow?ms=-1", "/api/flaky?rate=2", "/api/flaky?rate=often"})
    void whatTheyAreAskedForHasItsBounds(String path) {
        assertThat(visitor.get(path).statusCode()).isEqualTo(400);
    }

    @Test
    void theFlakyResourceFailsAsOftenAsAskedFor() {
        HttpResponse<String> never = visitor.get("/api/flaky?rate=0");
        HttpResponse<String> always = visitor.get("/api/flaky?rate=1");

        assertThat(never.statusCode()).isEqualTo(200);
        assertThat(always.statusCode()).isEqualTo(503);
        assertThat(header(always, "Retry-After")).isEqualTo("1");
    }

    @Test
    void aBugIsAProblemThatSaysNothingOfItsCause() {
        HttpResponse<String> response = visitor.get("/api/boom", "Accept", "text/html");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(response.body()).doesNotContain("as asked for", "Exception");
    }

    @Test
    void whereThereIsNothingProgramsGetAProblemAndPeopleAPage() {
        HttpResponse<String> problem = visitor.get("/api/nothing");
        HttpResponse<String> page = visitor.get("/nothing", "Accept", "text/html");

        assertThat(problem.statusCode()).isEqualTo(404);
        assertThat(header(problem, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(header(page, "Content-Type")).startsWith("text/html");
    }

    @Test
    void theErrorPageIsNoResource() {
        assertThat(visitor.get("/error").statusCode()).isEqualTo(404);
    }

    @Test
    void thePageIsServedWithAllThatItIsMadeOf() {
        Set<String> seen = new HashSet<>();
        Deque<String> paths = new ArrayDeque<>(List.of("/", "/index.html", "/race.html"));
        while (!paths.isEmpty()) {
            String path = paths.remove();
            if (!seen.add(path) || path.startsWith("/multistatus/")) {
                continue;
            }
            HttpResponse<String> response = visitor.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(response.body()).as(path).isNotEmpty();
            assertThat(header(response, "Cache-Control")).as(path).isEqualTo("no-cache");
            assertThat(header(response, "Server")).as(path).isEmpty();
            LINK.matcher(response.body())
                    .results()
                    .map(link -> URI.create(path).resolve(link.group(1)).getPath())
                    .forEach(paths::add);
        }

        assertThat(seen)
                .contains(
                        "/page.css",
                        "/page.js",
                        "/favicon.svg",
                        "/resources.js",
                        "/common/elements.js",
                        "/console/check.js",
                        "/failures/calls.js",
                        "/imports/importing.js",
                        "/order/placing.js",
                        "/race/track.js",
                        "/waterfall/chart.js",
                        "/multistatus/batch.js");
    }

    @Test
    void aPartOfAStaticFileIsServed() {
        String whole = visitor.get("/page.css").body();

        HttpResponse<String> part = visitor.get("/page.css", "Range", "bytes=2-5");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(whole.substring(2, 6));
    }

    @ParameterizedTest
    @CsvSource({"/, text/html", "/page.css, text/css", "/waterfall/chart.js, javascript", "/favicon.svg, image/svg+xml"
    })
    void browsersAreToldWhatTheFilesAre(String path, String type) {
        assertThat(header(visitor.get(path), "Content-Type")).contains(type);
    }

    @Test
    void thePageLoadsNothingFromElsewhere() {
        HttpResponse<String> page = visitor.get("/");

        assertThat(page.body()).doesNotContain("http://", "https://");
        assertThat(header(page, "Content-Security-Policy"))
                .contains("default-src 'self';", "frame-src 'self' 127.0.0.1:*;")
                .endsWith("frame-ancestors 'self' 127.0.0.1:*");
        assertThat(header(page, "Origin-Agent-Cluster")).isEqualTo("?1");
    }
}
