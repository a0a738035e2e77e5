package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.WireRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestAssemblerTest {
    private static final HeaderNamePatterns NO_NAMES = HeaderNamePatterns.of(List.of());
    private static final PathPatterns NO_PATHS = PathPatterns.of(List.of());

    @Test
    void anItemIsWhatItsClientWouldHaveSentAlone() throws Exception {
        ByteBuffer body = ByteBuffer.wrap(new byte[3]);
        WireRequest request = assembler("Cookie", "a=b", "Content-Type", "application/json", "Content-Length", "99")
                .assemble(item("PUT", "x?y", Headers.of("Content-Type", "text/plain"), body));
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.target()).isEqualTo("/x?y");
        assertThat(lines(request.headers()))
                .containsExactly("Host: shop.example", "Content-Type: text/plain", "Cookie: a=b", "Content-Length: 3");
        assertThat(request.body()).isSameAs(body);
    }

    @Test
    void anItemsOwnFieldReplacesAllInheritedOnesOfThatName() throws Exception {
        WireRequest request = assembler("X-A", "1", "x-a", "2", "X-B", "3")
                .assemble(item("GET", "/x", Headers.of("X-a", "own", "X-A", "too"), null));
        assertThat(request.headers().all("X-A")).containsExactly("own", "too");
        assertThat(request.headers().first("X-B")).contains("3");
    }

    @Test
    void anItemMayHaveAnAuthorizationOfItsOwn() throws Exception {
        WireRequest request = assembler("Authorization", "Bearer outer")
                .assemble(item("GET", "/x", Headers.of("Authorization", "Bearer own"), null));
        assertThat(request.headers().all("Authorization")).containsExactly("Bearer own");
    }

    @Test
    void acceptEncodingNeverReachesAnItem() throws Exception {
        WireRequest request = assembler("Accept-Encoding", "gzip")
                .assemble(item("GET", "/x", Headers.of("accept-encoding", "br"), null));
        assertThat(request.headers().contains("Accept-Encoding")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void whereABodyIsExpectedItsAbsenceIsSaid(String method) throws Exception {
        WireRequest request = assembler().assemble(item(method, "/x", Headers.empty(), null));
        assertThat(request.headers().all("Content-Length")).containsExactly("0");
        assertThat(request.body()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS", "QUERY"})
    void whereNoBodyIsExpectedNothingIsSaid(String method) throws Exception {
        WireRequest request = assembler().assemble(item(method, "/x", Headers.empty(), null));
        assertThat(request.headers().contains("Content-Length")).isFalse();
    }

    @Test
    void anEmptyBodyIsABody() throws Exception {
        WireRequest request = assembler().assemble(item("GET", "/x", Headers.empty(), ByteBuffer.allocate(0)));
        assertThat(request.headers().all("Content-Length")).containsExactly("0");
    }

    @Test
    void thereIsJustOneHostAndOneContentLength() throws Exception {
        WireRequest request = assembler("Host", "evil.example", "host", "evil.example", "Content-Length", "7")
                .assemble(item("POST", "/x", Headers.empty(), ByteBuffer.allocate(2)));
        assertThat(request.headers().all("Host")).containsExactly("shop.example");
        assertThat(request.headers().all("Content-Length")).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Content-Length", "Transfer-Encoding", "Cookie", "X-Forwarded-For"})
    void anItemThatSetsWhatItMayNotIsRefused(String name) {
        assertThat(refusal(item("GET", "/x", Headers.of(name, "1"), null)).name())
                .isEqualTo("forbidden-header");
    }

    @Test
    void anItemThatGoesElsewhereIsRefused() {
        assertThat(refusal(item("GET", "http://evil.example/", Headers.empty(), null))
                        .name())
                .isEqualTo("foreign-origin");
        assertThat(refusal(item("POST", "/batch", Headers.empty(), null)).name())
                .isEqualTo("nested-batch");
        assertThat(refusal(item("POST", "?", Headers.empty(), null)).name()).isEqualTo("nested-batch");
    }

    @Test
    void aFaultOfTheItemComesFirst() {
        Problem fault = Problem.malformedRequest("planned");
        Subrequest faulty = new Subrequest(
                0, ItemId.of("a"), "", "", Headers.of("Host", "evil.example"), null, List.of(), null, fault);
        assertThat(refusal(faulty)).isSameAs(fault);
    }

    private static Problem refusal(Subrequest item) {
        RefusedRequestException refusal = catchThrowableOfType(
                RefusedRequestException.class, () -> assembler().assemble(item));
        assertThat(refusal).isNotNull();
        return refusal.problem();
    }

    private static RequestAssembler assembler(String... outerHeaders) {
        return new RequestAssembler(
                Outer.request(outerHeaders),
                new TargetRules(Set.of("/batch"), true, null, NO_PATHS, NO_PATHS),
                new HeaderRules(NO_NAMES, NO_NAMES));
    }

    private static Subrequest item(String method, String url, Headers headers, @Nullable ByteBuffer body) {
        return new Subrequest(0, ItemId.of("a"), method, url, headers, body, List.of(), null, null);
    }

    private static List<String> lines(Headers headers) {
        List<String> lines = new java.util.ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        return lines;
    }
}
