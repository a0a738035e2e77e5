package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardTargetsTest {
    private static final ForwardTargets ALL = new ForwardTargets(PathPatterns.of(List.of("/*")));
    private static final ForwardTargets SOME = new ForwardTargets(PathPatterns.of(List.of("/open/*", "*.json")));

    @ParameterizedTest
    @CsvSource({
        "/app/open/x, /open/x",
        "/app/open, /open",
        "/app/open/?a=/secret/, /open/",
        "/app/open;a=b/./x;c//y/../z, /open/x/z",
        "/%61pp/open/%20%C3%A9, /open/%20%C3%A9",
        "/app/open/%3Ba%3Fb%23c%25d, /open/%3Ba%3Fb%23c%25d",
        "/app/open/-._~!$&'()*+:@=, /open/-._~!$&'()*+:@=",
        "/app/any.json, /any.json"
    })
    void whatIsForwardedToIsTheCanonicalPathThatWasJudged(String target, String path) {
        assertThat(SOME.pathInContext(target, "/app")).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/secret",
                "/app/open/../secret",
                "/app/open/%2e%2e/secret",
                "/app/open/..;/secret",
                "/app/open%2f..%2fsecret",
                "/app/open/..%5csecret",
                "/app/open/%zz",
                "/app/open/%c0%af",
                "/app/secret;.json",
                "/app/secret?.json",
                "/app",
                "/appx/open/x",
                "/open/x",
                "/other/open/x"
            })
    void whatIsNotListedIsRefused(String target) {
        assertThat(SOME.pathInContext(target, "/app")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/WEB-INF/web.xml",
                "/web-inf",
                "/Web-Inf/",
                "/%57EB-INF/x",
                "/x/../WEB-INF/x",
                "/WEB-INF;a/x",
                "/WEB-INF%20/x",
                "/WEB-INF./x",
                "/META-INF/MANIFEST.MF"
            })
    void whatNoClientCanReachIsRefusedAlthoughAForwardCan(String target) {
        assertThat(ALL.pathInContext(target, "")).isEmpty();
    }

    @Test
    void whatOnlySoundsLikeThatIsNot() {
        assertThat(ALL.pathInContext("/web-info", "")).contains("/web-info");
        assertThat(ALL.pathInContext("/x/WEB-INF/y", "")).contains("/x/WEB-INF/y");
        assertThat(ALL.pathInContext("/", "")).contains("/");
    }
}
