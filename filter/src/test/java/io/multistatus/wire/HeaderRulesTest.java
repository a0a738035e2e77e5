package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {
    private static final HeaderNamePatterns NONE = HeaderNamePatterns.of(List.of());
    private static final HeaderRules RULES = new HeaderRules(NONE, NONE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Cookie",
                "Origin",
                "Referer",
                "User-Agent",
                "Accept-Language",
                "X-CSRF-Token",
                "traceparent",
                "Forwarded",
                "X-Forwarded-For",
                "X-Real-IP",
                "Sec-Fetch-Site",
                "Via",
                "Contents",
                "Ifs",
                "Batches"
            })
    void everyItemInheritsIt(String name) {
        assertThat(RULES.inheritable(Headers.of(name, "a")).first(name)).contains("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authorization",
                "Proxy-Authenticate",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "HTTP2-Settings",
                "Content-Type",
                "Content-Length",
                "Content-Encoding",
                "Content-MD5",
                "Expect",
                "Accept",
                "Accept-Encoding",
                "If-Match",
                "If-None-Match",
                "If-Modified-Since",
                "Range",
                "If-Range",
                "Idempotency-Key",
                "Batch-Summary"
            })
    void noItemInheritsIt(String name) {
        assertThat(RULES.inheritable(Headers.of(name, "a")).size()).isZero();
        assertThat(RULES.inheritable(Headers.of(name.toUpperCase(Locale.ROOT), "a"))
                        .size())
                .isZero();
    }

    @Test
    void whatIsInheritedKeepsItsOrderSpellingAndRepeats() {
        Headers inherited = RULES.inheritable(
                Headers.of("x-B", "1", "Accept", "*/*", "X-a", "2", "X-B", "3", "Cookie", "a=b; c=d"));
        assertThat(inherited.all("X-B")).containsExactly("1", "3");
        assertThat(inherited.name(0)).isEqualTo("x-B");
        assertThat(inherited.first("cookie")).contains("a=b; c=d");
        assertThat(inherited.size()).isEqualTo(4);
    }

    /** Were it otherwise, a client could have items lose what a proxy in front has added (Connection: X-Real-IP). */
    @Test
    void aFieldThatConnectionNamesReachesTheItemsAsItReachesTheBatch() {
        Headers inherited = RULES.inheritable(Headers.of("Connection", "close, X-Real-IP", "X-Real-IP", "192.0.2.1"));
        assertThat(inherited.first("X-Real-IP")).contains("192.0.2.1");
    }

    @Test
    void onlyTheItemsPreferencesAreInherited() {
        Headers inherited = RULES.inheritable(
                Headers.of("Prefer", "execution=parallel, return=minimal", "prefer", "multi-status=200"));
        assertThat(inherited.all("Prefer")).containsExactly("return=minimal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "host",
                "HOST",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Transfer-Encoding",
                "transfer-encoding",
                "Content-Length",
                "Expect",
                "Upgrade",
                "HTTP2-Settings",
                "TE",
                "Trailer",
                "Forwarded",
                "X-Forwarded-For",
                "x-forwarded-proto",
                "X-Forwarded-Anything",
                "X-Real-IP",
                "Sec-Fetch-Site",
                "Sec-WebSocket-Key",
                "Proxy-Authorization",
                "Proxy-Foo",
                "Origin",
                "Referer",
                "Cookie",
                "cOOkie",
                "WL-Proxy-Client-IP",
                "Fastly-Client-IP",
                "X-Azure-ClientIP",
                "X-Original-URL",
                "X-Remote-User",
                "X-Consumer-Username",
                "X-Credential-Identifier",
                "X-Authenticated-Userid",
                "X-Anonymous-Consumer",
                "X-Userinfo",
                "X-Client-DN",
                "Client-IP",
                "X-ProxyUser-Ip",
                "X-Host",
                "Via",
                "X-Auth-Request-Email",
                "X-Goog-Authenticated-User-Id",
                "X-Amzn-Oidc-Data",
                "X-MS-Client-Principal",
                "Cf-Access-Jwt-Assertion",
                "X-ARR-ClientCert"
            })
    void noItemMaySetIt(String name) {
        Problem problem = RULES.refusal(Headers.of("X-Fine", "1", name, "secret"), "shop.example")
                .orElseThrow();
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.name()).isEqualTo("forbidden-header");
        assertThat(problem.detail()).contains("'" + name + "'").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Content-Type",
                "Accept",
                "Accept-Encoding",
                "If-Match",
                "Range",
                "Prefer",
                "Idempotency-Key",
                "User-Agent",
                "X-Forward",
                "X-Original",
                "X-Original-Filename",
                "Section"
            })
    void anItemMaySetIt(String name) {
        assertThat(RULES.refusal(Headers.of(name, "a"), "shop.example")).isEmpty();
    }

    @Test
    void theConfigurationMayDenyMore() {
        HeaderRules rules = new HeaderRules(HeaderNamePatterns.of(List.of("X-Tenant", "X-Internal-*")), NONE);
        assertThat(rules.refusal(Headers.of("x-tenant", "a"), "shop.example")).isPresent();
        assertThat(rules.refusal(Headers.of("X-INTERNAL-User", "a"), "shop.example"))
                .isPresent();
        assertThat(rules.refusal(Headers.of("X-Tenants", "a"), "shop.example")).isEmpty();
        assertThat(rules.inheritable(Headers.of("X-Tenant", "a")).size()).isEqualTo(1);
    }

    @Test
    void theConfigurationMayAllowSomeAndNoMore() {
        HeaderNamePatterns allowed = HeaderNamePatterns.of(List.of("Referer", "X-Tenant"));
        HeaderRules rules = new HeaderRules(HeaderNamePatterns.of(List.of("X-Tenant")), allowed);
        assertThat(rules.refusal(Headers.of("referer", "a", "X-Tenant", "b"), "shop.example"))
                .isEmpty();
        assertThat(rules.refusal(Headers.of("Referer", "a", "Origin", "b"), "shop.example"))
                .isPresent();
    }

    @Test
    void cookiesAndWhatSpeaksOfTheConnectionStayOutOfTheEnvelope() {
        Headers shown = HeaderRules.forEnvelope(Headers.of(
                "Content-Type", "text/plain",
                "Set-Cookie", "a=b",
                "set-cookie", "c=d",
                "Content-Length", "1",
                "Date", "today",
                "Server", "Jetty",
                "Strict-Transport-Security", "max-age=1",
                "Connection", "close",
                "Transfer-Encoding", "chunked",
                "Location", "/x",
                "ETag", "\"1\""));
        assertThat(shown.names()).containsExactly("content-type", "location", "etag");
    }

    @Test
    void theHostThatAnItemHasAnywayMayBeRepeated() {
        assertThat(RULES.refusal(Headers.of("host", "Shop.Example"), "shop.example"))
                .isEmpty();
        assertThat(RULES.refusal(Headers.of("Host", "shop.example", "Host", "evil.example"), "shop.example"))
                .isPresent();
        assertThat(RULES.refusal(Headers.of("Host", "shop.example:81"), "shop.example"))
                .isPresent();
    }
}
