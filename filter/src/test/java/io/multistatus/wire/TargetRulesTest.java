package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {
    private static final PathPatterns NONE = PathPatterns.of(List.of());
    private static final TargetRules RULES = new TargetRules(Set.of("/batch"), true, null, NONE, NONE);

    @ParameterizedTest
    @CsvSource({
        "/x,                                  /x",
        "/,                                   /",
        "/x?a=b&c=%20,                        /x?a=b&c=%20",
        "/a/../b/./c,                         /a/../b/./c",
        "/%2e%2e/%2F;a=b//c,                  /%2e%2e/%2F;a=b//c",
        "//evil.example/x,                    //evil.example/x",
        "/http://evil.example/x,              /http://evil.example/x",
        "/x?u=http://evil.example,            /x?u=http://evil.example",
        "/\\evil.example,                     /\\evil.example",
        "/a|b\"<>^`{},                        /a|b\"<>^`{}",
    })
    void aHostAbsoluteUrlGoesOutByTheLetter(String url, String target) throws Exception {
        assertThat(RULES.resolve(url, Outer.request())).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "x,              /api/v1/x",
        "x?q,            /api/v1/x?q",
        "./x,            /api/v1/x",
        "./a:b,          /api/v1/a:b",
        "x/y/,           /api/v1/x/y/",
        "x/../y,         /api/v1/y",
        "x/.,            /api/v1/x/",
        "x/..,           /api/v1/",
        ".,              /api/v1/",
        "..,             /api/",
        "../,            /api/",
        "../x,           /api/x",
        "../../x,        /x",
        "../../../../x,  /x",
        "..x/.y/z..,     /api/v1/..x/.y/z..",
        "x//y,           /api/v1/x//y",
        "%2e%2e/x,       /api/v1/%2e%2e/x",
        "x?../../y,      /api/v1/x?../../y",
        "?a=b,           /api/v1/batch?a=b",
        "x?a:b,          /api/v1/x?a:b",
        "Events(2020-01-01T00:00:00Z),   /api/v1/Events(2020-01-01T00:00:00Z)",
        "Events(at=2020-01-01T00:00:00Z)/x, /api/v1/Events(at=2020-01-01T00:00:00Z)/x",
        "%61:b,          /api/v1/%61:b",
        ":x,             /api/v1/:x",
        "x/a:b,          /api/v1/x/a:b",
    })
    void aRelativeUrlIsResolvedAgainstThatOfTheBatch(String url, String target) throws Exception {
        assertThat(RULES.resolve(url, Outer.at("/api", "/api/v1/batch"))).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example/x,        /x",
        "HTTP://SHOP.Example:80/x?y,   /x?y",
        "http://shop.example:/x,       /x",
        "http://shop.example:00080/x,  /x",
        "http://shop.example,          /",
        "http://shop.example?a,        /?a",
        "http://shop.example//x/../y,  //x/../y",
        "http://shop.example/@x,       /@x",
        "http://shop.example?u@h,      /?u@h",
    })
    void anAbsoluteUrlOfTheSameOriginLosesItsOrigin(String url, String target) throws Exception {
        assertThat(RULES.resolve(url, Outer.request())).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/x",
                "https://shop.example/x",
                "http://shop.example:8080/x",
                "http://shop.example:443/x",
                "http://shop.example.evil.example/x",
                "http://shop.example./x",
                "http://shop.example%2eevil/x",
                "http://shop.example\\.evil.example/x",
                "http:///x",
                "http://:80/x",
                "http://[::1]/x",
                "http://[::1/x",
                "http://shop.example:80:80/x",
                "http://shop.example:123456/x",
                "http://shop.example:-80/x",
                "http://shop.example:8a/x",
                "ftp://shop.example/x",
                "file:///etc/passwd",
                "jar:http://shop.example!/x"
            })
    void anotherOriginIsRefused(String url) {
        assertThat(refusal(url, Outer.request()).status()).isEqualTo(400);
    }

    @Test
    void anotherOriginIsNamedTogetherWithTheRightOne() {
        Problem problem = refusal("http://evil.example/x?token=secret", Outer.request());
        assertThat(problem.name()).isEqualTo("foreign-origin");
        assertThat(problem.detail())
                .isEqualTo(
                        "The URL 'http://evil.example/x' does not have the origin of the batch, http://shop.example");
    }

    @ParameterizedTest
    @CsvSource({"http://[2001:DB8::1]:8443/x, http://[2001:db8::1]:8443", "https://[::1]/x, https://[::1]"})
    void anIpv6HostIsAHost(String url, String origin) throws Exception {
        OuterRequest outer = new OuterRequest(origin, "h", "", "/batch", Headers.empty());
        assertThat(RULES.resolve(url, outer)).isEqualTo("/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user@shop.example/x",
                "http://user:secret@shop.example/x",
                "http://@shop.example/x",
                "http://shop.example@evil.example/x",
                "http://shop.example\\@evil.example/x"
            })
    void userInformationIsRefusedAndNotRepeated(String url) {
        Problem problem = refusal(url, Outer.request());
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.detail()).contains("has user information").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http:/x", "http:x", "http:", "javascript:alert(1)", "mailto:a@b", "a:b/c", "//\u0000"})
    void whatIsNeitherAPathNorAnHttpUrlIsRefused(String url) {
        assertThat(refusal(url, Outer.request()).name()).isEqualTo("malformed-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x y",
                " /x",
                "/x ",
                "/x\tHTTP/1.1",
                "/x\r\nHost: evil.example",
                "/x\n",
                "/x\u0000",
                "/x\u007f",
                "/\u00e4",
                "/\u010d\u010a",
                "/x#y",
                "#",
                "http://shop.example#@evil.example/"
            })
    void whatCannotStandInARequestLineIsRefused(String url) {
        assertThat(refusal(url, Outer.request()).name()).isEqualTo("malformed-request");
    }

    @Test
    void theCharacterThatCannotStandIsNamedWithItsPlace() {
        assertThat(refusal("/a\u00e4", Outer.request()).detail())
                .isEqualTo("The URL '/a\u00e4' has the character U+00E4 at position 2; it must be percent-encoded");
    }

    @Test
    void aFragmentIsNotRepeated() {
        assertThat(refusal("/x#access_token=secret", Outer.request()).detail())
                .isEqualTo("The URL '/x' has a fragment");
    }

    @Test
    void anEndlessUrlIsNotRepeatedInFull() {
        assertThat(refusal("/" + "x".repeat(10_000) + " ", Outer.request()).detail())
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/x,                        /base/x",
        "/,                         /base/",
        "/base,                     /base",
        "/base/x,                   /base/x",
        "/base?x,                   /base?x",
        "/basement,                 /base/basement",
        "//x,                       /base//x",
        "x,                         /base/x",
        "http://shop.example/x,     /x",
    })
    void theUrlBaseIsPutBeforeHostAbsoluteUrlsThatDoNotBeginWithIt(String url, String target) throws Exception {
        TargetRules rules = new TargetRules(Set.of("/batch"), true, "/base", NONE, NONE);
        assertThat(rules.resolve(url, Outer.at("/base", "/base/batch"))).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/batch",
                "/app/batch?x",
                "/app/%62atch",
                "/app/./batch",
                "/x/../app/batch",
                "/app//batch",
                "/app/batch;x=y",
                "/app;x/batch"
            })
    void aBatchInABatchIsRefusedHoweverItIsSpelled(String target) {
        Problem problem = refusalOf(RULES, "POST", target);
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.name()).isEqualTo("nested-batch");
    }

    /** Where a batch in a batch is recognised when it arrives, its path says nothing before. */
    @ParameterizedTest
    @CsvSource({
        "/app/batch, true",
        "/app/batch?x, true",
        "/app//batch, false",
        "/app/%62atch, false",
        "/x/../app/batch, false",
        "/app/batch;x=y, false"
    })
    void whereItemsAreRecognisedOnlyThePlainSpellingIsRefused(String target, boolean refused) {
        TargetRules rules = new TargetRules(Set.of("/batch"), false, null, NONE, NONE);
        if (refused) {
            assertThat(refusalOf(rules, "POST", target).name()).isEqualTo("nested-batch");
        } else {
            assertThatCode(() -> rules.check("POST", target, Outer.at("/app", "/app/batch")))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/batch/", "/app/batches", "/batch", "/app/x/batch", "/app/BATCH"})
    void whatOnlyLooksLikeTheEndpointIsNotABatch(String target) {
        assertThatCode(() -> RULES.check("POST", target, Outer.at("/app", "/app/batch")))
                .doesNotThrowAnyException();
    }

    @Test
    void theEndpointMayBeAskedWhatItCanDo() {
        assertThatCode(() -> RULES.check("GET", "/app/batch", Outer.at("/app", "/app/batch")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/admin",
                "/app/admin/x",
                "/app/admin?x",
                "/app/%61dmin/x",
                "/app/x/../admin",
                "/app//admin",
                "/app/admin;a=b/x",
                "/app/x/%2e%2e/admin",
                "/app\\admin",
                "/app/x%2f..%2fadmin",
                "/app/%zz",
                "/app/a//../admin"
            })
    void aDeniedPathIsRefusedHoweverItIsSpelled(String target) {
        TargetRules rules = new TargetRules(Set.of("/batch"), true, null, NONE, PathPatterns.of(List.of("/admin/*")));
        Problem problem = refusalOf(rules, "GET", target);
        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.name()).isEqualTo("forbidden-target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/administration", "/admin", "/app/x?/admin", "/app/Admin", "/other/admin"})
    void whatIsNotDeniedMayGo(String target) {
        TargetRules rules = new TargetRules(Set.of("/batch"), true, null, NONE, PathPatterns.of(List.of("/admin/*")));
        assertThatCode(() -> rules.check("GET", target, Outer.at("/app", "/app/batch")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/other",
                "/app/api/../other",
                "/api/x",
                "/app/%zz",
                "/app%3Fx.json",
                "/app?x.json",
                "/other/x.json"
            })
    void whatIsNotAllowedIsRefused(String target) {
        TargetRules rules =
                new TargetRules(Set.of("/batch"), true, null, PathPatterns.of(List.of("/api/*", "*.json")), NONE);
        assertThat(refusalOf(rules, "GET", target).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/api", "/app/api/x", "/app/x.json", "/app/x/../api/y?z"})
    void whatIsAllowedMayGo(String target) {
        TargetRules rules =
                new TargetRules(Set.of("/batch"), true, null, PathPatterns.of(List.of("/api/*", "*.json")), NONE);
        assertThatCode(() -> rules.check("GET", target, Outer.at("/app", "/app/batch")))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsDeniedStaysSoEvenIfItIsAllowed() {
        TargetRules rules = new TargetRules(
                Set.of("/batch"), true, null, PathPatterns.of(List.of("/*")), PathPatterns.of(List.of("/api/secret")));
        assertThat(refusalOf(rules, "GET", "/app/api/secret").status()).isEqualTo(403);
    }

    /** The default used to refuse these with 403 where the wire says 400, or lets them through. */
    @ParameterizedTest
    @ValueSource(strings = {"/app/x%00", "/app/%zz", "/app/a//../b", "/app/\\;\\", "/other", "/", "//x"})
    void whereAllPathsAreAllowedTheContainerIsTheJudge(String target) {
        TargetRules rules = new TargetRules(Set.of("/batch"), true, null, PathPatterns.of(List.of("/*")), NONE);
        assertThatCode(() -> rules.check("GET", target, Outer.at("/app", "/app/batch")))
                .doesNotThrowAnyException();
    }

    private static Problem refusal(String url, OuterRequest outer) {
        RefusedRequestException refusal =
                catchThrowableOfType(RefusedRequestException.class, () -> RULES.resolve(url, outer));
        assertThat(refusal).as(url).isNotNull();
        return refusal.problem();
    }

    private static Problem refusalOf(TargetRules rules, String method, String target) {
        RefusedRequestException refusal = catchThrowableOfType(
                RefusedRequestException.class, () -> rules.check(method, target, Outer.at("/app", "/app/batch")));
        assertThat(refusal).as(target).isNotNull();
        return refusal.problem();
    }
}
