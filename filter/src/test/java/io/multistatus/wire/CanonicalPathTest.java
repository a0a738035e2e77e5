package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
    private static final String[] HOSTILE = {
        "/", "//", "\\", "%2f", "%2F", "%5c", "%5C", ".", "..", "%2e", "%2E%2e", ".%2e", ";", ";x=1", ";%2f..", "%3b",
        "%25", "%252e", "batch", "b%61tch", "a", "%c3%a9", "%c0%ae", "%00", "%", "%zz", "...", "~"
    };

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/batch, /batch",
        "/batch/, /batch/",
        "/a.b/c-d_e~f, /a.b/c-d_e~f",
        "/.../a.., /.../a..",
        "/a%20b+c, '/a b+c'",
        "/caf%C3%A9, /café",
        "/%f0%9f%90%9f, /🐟",
        "/a%3Bb, /a;b",
        "/a%3Fb%23c, /a?b#c"
    })
    void anHonestPathIsOnlyDecoded(String raw, String canonical) {
        assertThat(CanonicalPath.of(raw)).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//batch",
                "///batch",
                "/./batch",
                "/%2e/batch",
                "/x/../batch",
                "/x/%2e%2e/batch",
                "/x/%2E./batch",
                "/x/..;/batch",
                "/x/..;y=1/batch",
                "/x/%2e%2e;y/batch",
                "/x;..;/../batch",
                "/;/batch",
                "/;x=1/batch",
                "/batch;x=1",
                "/batch;",
                "/batch;x=%2f..",
                "/b%61tch",
                "/%62%61%74%63%68",
                "/%2fbatch",
                "/%5cbatch",
                "/\\batch",
                "/../batch",
                "/../../../batch",
                "/x/../../batch",
                "/.//./batch"
            })
    void everySpellingOfAPathComesToTheSame(String raw) {
        assertThat(CanonicalPath.of(raw)).contains("/batch");
    }

    @ParameterizedTest
    @CsvSource({"/a/b/.., /a/", "/a/b/., /a/b/", "/a/.., /", "/.., /", "/a/b/%2e%2e;x, /a/", "/batch/;x, /batch/"})
    void dotSegmentsAtTheEndLeaveASlash(String raw, String canonical) {
        assertThat(CanonicalPath.of(raw)).contains(canonical);
    }

    @ParameterizedTest
    @CsvSource({"/%2562atch, /%62atch", "/a/%252e%252e/b, /a/%2e%2e/b", "/a%252fb, /a%2fb", "/%2500, /%00"})
    void whatIsEncodedTwiceIsDecodedOnce(String raw, String canonical) {
        assertThat(CanonicalPath.of(raw)).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a//../b", "/a/%2f../b", "/a/%2f../", "/a/\\../b", "/a/%5c..", "/a/;/../b", "/a///.."})
    void aPathThatDependsOnTheOrderOfTheStepsHasNoCanonicalForm(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    /** A container that resolves dots before it decodes slashes serves the second of these from below {@code /secret/}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x%2f..%2fbatch",
                "/secret%2f..",
                "/secret/..%2f",
                "/secret/%2e%2e%2f",
                "/secret%2f../public/x",
                "/secret/..%2f../public/x",
                "/secret/..%5c",
                "/secret%2fa/../public",
                "/x%5c..%5cbatch",
                "/x\\..\\batch",
                "%2Fbatch",
                "%5Cbatch",
                "\\batch"
            })
    void aPathThatDependsOnWhatEndsASegmentHasNoCanonicalForm(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/a%2fb, /a/b", "/a%5Cb, /a/b", "/a%2f%2fb/c/../d, /a/b/d", "/p%2Fq/./r, /p/q/r"})
    void anEncodedSlashAwayFromDotsIsASlash(String raw, String canonical) {
        assertThat(CanonicalPath.of(raw)).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a;x\\..\\b", "/a;\\"})
    void aBackslashWithinParametersHasNoOneMeaning(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%4", "/a%", "/%zz", "/%4g", "/%-1", "/%u0061", "/% 41"})
    void aBrokenPercentEncodingIsRefused(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%ff",
                "/%c0%af",
                "/%c0%ae%c0%ae/",
                "/%e0%80%af",
                "/%ed%a0%80",
                "/%c3",
                "/%c3/%a9",
                "/%f4%90%80%80"
            })
    void whatIsNotStrictUtf8IsRefused(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%00", "/%0d%0a", "/%09", "/%1f", "/%7f", "/%c2%85"})
    void controlCharactersAreRefused(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "batch",
                "./batch",
                "http://host/batch",
                "/a?b",
                "/a#b",
                "/a b",
                "/caf\u00e9",
                "/a\n",
                "/a\u0000"
            })
    void whatCouldNotStandInARequestTargetIsNoPath(String raw) {
        assertThat(CanonicalPath.of(raw)).isEmpty();
    }

    @Test
    void theCanonicalFormHasNothingLeftToResolveAndIsItsOwn() {
        Random random = new Random(20_117);
        int resolved = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder raw = new StringBuilder("/");
            for (int part = random.nextInt(8); part >= 0; part--) {
                raw.append(HOSTILE[random.nextInt(HOSTILE.length)]);
            }
            Optional<String> canonical = CanonicalPath.of(raw.toString());
            if (canonical.isEmpty()) {
                continue;
            }
            resolved++;
            String path = canonical.get();
            assertThat(path).as("of %s", raw).startsWith("/").doesNotContain("//", "\\");
            assertThat(path.substring(1).split("/", -1)).as("of %s", raw).doesNotContain(".", "..");
            assertThat(CanonicalPath.of(encode(path))).as("of %s, again", raw).contains(path);
        }
        assertThat(resolved).isGreaterThan(4_000);
    }

    @Test
    void encodingAnyCharacterOfAPathButASlashChangesNothing() {
        Random random = new Random(4_711);
        for (int i = 0; i < 2_000; i++) {
            String plain = "/x/../api/./v1//batch";
            StringBuilder raw = new StringBuilder();
            plain.chars()
                    .forEach(c -> raw.append(
                            c != '/' && random.nextInt(3) == 0
                                    ? String.format(Locale.ROOT, "%%%02x", c)
                                    : Character.toString(c)));
            assertThat(CanonicalPath.of(raw.toString())).as("of %s", raw).contains("/api/v1/batch");
        }
    }

    private static String encode(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    @Test
    void aPathOfManyShortSegmentsTakesNoMoreMemoryThanOneOfFewLongOnes() {
        int length = 1 << 20;

        long many = allocatedBy(() -> CanonicalPath.of("/x".repeat(length / 2)));
        long few = allocatedBy(() -> CanonicalPath.of("/" + "x".repeat(length)));

        assertThat(many).isLessThan(3 * few);
    }

    private static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
