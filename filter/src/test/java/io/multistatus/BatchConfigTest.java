package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.event.BatchListener;
import io.multistatus.execution.ExecutionMode;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchConfigTest {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    @Test
    void theDefaultsOfALargeMachineAreThoseOfTheContract() {
        BatchConfig config = on(new Machine(4 * GIB, 8, 21)).build();
        assertThat(config.path()).isEqualTo("/batch");
        assertThat(config.module()).isTrue();
        assertThat(config.urlBase()).isEmpty();
        assertThat(config.multiStatus()).isEqualTo(MultiStatus.AUTO);
        assertThat(config.status200UserAgents()).isEmpty();
        assertThat(config.deniedHeaders().isEmpty()).isTrue();
        assertThat(config.allowedHeaders().isEmpty()).isTrue();
        assertThat(config.allowedOrigins()).isEmpty();
        assertThat(config.execution()).isEqualTo(ExecutionMode.ORDERED);
        assertThat(config.maxRequests()).isEqualTo(100);
        assertThat(config.maxBatchBytes()).isEqualTo(10 * MIB);
        assertThat(config.maxResponseBytes()).isEqualTo(8 * MIB);
        assertThat(config.maxEnvelopeBytes()).isEqualTo(64 * MIB);
        assertThat(config.maxBufferedBytes()).isEqualTo(GIB);
        assertThat(config.itemTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.batchTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.maxConcurrency()).isEqualTo(8);
        assertThat(config.maxDepth()).isEqualTo("none");
        assertThat(config.allow().matches("/any/path.at-all")).isTrue();
        assertThat(config.deny().isEmpty()).isTrue();
        assertThat(config.dispatcher()).isEqualTo(DispatcherChoice.AUTO);
        assertThat(config.loopbackUrl()).isEmpty();
        assertThat(config.forwardAllow().isEmpty()).isTrue();
        assertThat(config.threads()).isEqualTo(32);
        assertThat(config.virtualThreads()).isTrue();
        assertThat(config.maxAbandoned()).isEqualTo(200);
        assertThat(config.listeners()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 1_000_003, 16 << 20, 64 << 20, 160 << 20, 300 << 20, Long.MAX_VALUE})
    void theDefaultsFitAnyHeap(long heap) {
        BatchConfig config = on(new Machine(heap, 1, 17)).build();
        assertThat(config.maxBatchBytes()).isEqualTo(Math.min(10 * MIB, heap / 16));
        assertThat(config.maxEnvelopeBytes()).isEqualTo(Math.min(64 * MIB, heap / 8));
        assertThat(config.maxBufferedBytes()).isEqualTo(heap / 4);
    }

    @Test
    void theDefaultsFitThisJvm() {
        assertThat(BatchConfig.defaults().maxBufferedBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/batch", "/$batch", "/api/v1/batch", "/b", "/a.b/..c/d..", "/~x(1)"})
    void aPlainPathIsAPathAndAUrlBase(String path) {
        assertThat(large().path(path).build().path()).isEqualTo(path);
        assertThat(large().urlBase(path).build().urlBase()).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "batch",
                "/batch/",
                "//batch",
                "/a//b",
                "/batch/*",
                "/ba*ch",
                "/b;x",
                "/b?x",
                "/b#x",
                "/b%61",
                "/./b",
                "/a/../b",
                "/..",
                "/.",
                "/b ",
                "/b\\c",
                "/caf\u00e9",
                "/b\n",
                "http://host/batch"
            })
    void anyOtherPathIsRefusedWithItsKey(String path) {
        assertThat(problemsOf(large().path(path)))
                .singleElement()
                .asString()
                .startsWith("path is '" + path + "': a path is allowed that begins with '/'");
        assertThat(problemsOf(large().urlBase(path)))
                .singleElement()
                .asString()
                .startsWith("urlBase is '" + path + "': a path is allowed");
    }

    @Test
    void aUserAgentIsMatchedAnywhereByTheExpression() {
        assertThat(large().status200UserAgents("Old(Client|Lib)/1\\.").build().status200UserAgents())
                .hasValueSatisfying(agents -> {
                    assertThat(agents.matcher("Mozilla OldLib/1.2 x").find()).isTrue();
                    assertThat(agents.matcher("OldLib/2.0").find()).isFalse();
                });
    }

    @Test
    void aBrokenOrEmptyExpressionIsRefused() {
        assertThat(problemsOf(large().status200UserAgents("a(b")))
                .containsExactly("status200UserAgents is 'a(b': a regular expression is allowed, this is none:"
                        + " Unclosed group near index 3");
        assertThat(problemsOf(large().status200UserAgents(" ")))
                .containsExactly("status200UserAgents is ' ': an empty expression would match everything;"
                        + " leave the key out instead");
    }

    @Test
    void headersAreDeniedAndAllowedByNameOrPrefix() {
        BatchConfig config = large().deniedHeaders("X-Internal-*", "X-Tenant")
                .allowedHeaders("Cookie", "X-Forwarded-*")
                .build();
        assertThat(config.deniedHeaders().matches("x-internal-id")).isTrue();
        assertThat(config.deniedHeaders().matches("Cookie")).isFalse();
        assertThat(config.allowedHeaders().matches("x-forwarded-for")).isTrue();
    }

    @Test
    void whatIsNoHeaderNameIsRefused() {
        assertThat(problemsOf(large().deniedHeaders("X-Fine", "X Foo")))
                .containsExactly("deniedHeaders is '[X-Fine, X Foo]': 'X Foo' is no header name;"
                        + " X-Name is, and X-Name-* for all that begin so");
        assertThat(problemsOf(large().allowedHeaders("Coo*kie")))
                .singleElement()
                .asString()
                .startsWith("allowedHeaders is '[Coo*kie]': 'Coo*kie' is no header name");
    }

    @ParameterizedTest
    @CsvSource({
        "*, Host",
        "host, Host",
        "Content-*, Content-Length",
        "te, TE",
        "Up*, Upgrade",
        "Transfer-Encoding, Transfer-Encoding"
    })
    void theHeadersThatFrameAMessageCannotBeAllowed(String name, String field) {
        assertThat(problemsOf(large().allowedHeaders(name)))
                .containsExactly("allowedHeaders is '[" + name + "]': this would allow " + field
                        + ", which no item may set: the batch sets it itself");
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example, https://app.example",
        "HTTPS://App.Example:443, https://app.example",
        "https://app.example:8443, https://app.example:8443",
        "http://localhost:80, http://localhost",
        "http://localhost:443, http://localhost:443",
        "https://[::1]:9000, https://[::1]:9000",
        "https://a.example:65535, https://a.example:65535",
        "https://a.example:1, https://a.example:1",
        "https://a.example:0443, https://a.example",
        "capacitor://localhost, capacitor://localhost"
    })
    void anOriginIsSpelledAsBrowsersSpellIt(String origin, String normalised) {
        assertThat(large().allowedOrigins(origin).build().allowedOrigins()).containsExactly(normalised);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "app.example",
                "https://",
                "https://app.example/",
                "https://app.example/x",
                "https://u@app.example",
                "https://app.example:",
                "https://app.example:x",
                "//app.example",
                "file:///x",
                "https://caf\u00e9.example"
            })
    void whatIsNoOriginIsRefused(String origin) {
        assertThat(problemsOf(large().allowedOrigins("https://fine.example", origin)))
                .containsExactly("allowedOrigins is '[https://fine.example, " + origin + "]': '" + origin
                        + "' is no origin; https://host or https://host:port is, without a path or a final '/'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example:0", "https://a.example:65536", "https://a.example:99999"})
    void aPortThatDoesNotExistIsRefused(String origin) {
        assertThat(problemsOf(large().allowedOrigins(origin)))
                .containsExactly("allowedOrigins is '[" + origin + "]': the port of '" + origin
                        + "' is not one from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://*", "https://*.example"})
    void aWildcardOriginIsRefusedWithTheReason(String origin) {
        assertThat(problemsOf(large().allowedOrigins(origin)))
                .containsExactly(
                        "allowedOrigins is '[" + origin + "]': '" + origin + "' is not allowed, each origin must be"
                                + " named: a batch carries its user's cookies, so any web page could act in the user's name");
    }

    @ParameterizedTest
    @CsvSource({"maxRequests, 1000000", "maxConcurrency, 10000", "threads, 10000", "maxAbandoned, 1000000"})
    void aCountIsWithinItsBounds(String key, int most) {
        assertThat(read(key, set(key, 1).build())).isEqualTo(1);
        assertThat(read(key, set(key, most).build())).isEqualTo(most);
        for (int bad : new int[] {0, -1, Integer.MIN_VALUE, most + 1, Integer.MAX_VALUE}) {
            assertThat(problemsOf(set(key, bad)))
                    .containsExactly(key + " is '" + bad + "': a number from 1 to " + most + " is allowed");
        }
    }

    @Test
    void aBodyIsOneByteToOneGibibyte() {
        long[] impossible = {0, -1, Long.MIN_VALUE, GIB + 1, Long.MAX_VALUE};
        assertThat(large().maxResponseBytes(1).build().maxResponseBytes()).isEqualTo(1);
        assertThat(large().maxResponseBytes(GIB).build().maxResponseBytes()).isEqualTo(GIB);
        assertThat(large().maxBatchBytes(1).build().maxBatchBytes()).isEqualTo(1);
        assertThat(large().maxBatchBytes(GIB).maxBufferedBytes(2 * GIB).build().maxBatchBytes())
                .isEqualTo(GIB);
        for (long bad : impossible) {
            assertThat(problemsOf(large().maxResponseBytes(bad)))
                    .containsExactly("maxResponseBytes is '" + bad + "': 1 to 1073741824 bytes are allowed");
            assertThat(problemsOf(large().maxBatchBytes(bad)))
                    .contains("maxBatchBytes is '" + bad + "': 1 to 1073741824 bytes are allowed");
        }
    }

    @Test
    void theBytesOfManyBodiesAreAtLeastOne() {
        assertThat(large().maxEnvelopeBytes(1).build().maxEnvelopeBytes()).isEqualTo(1);
        assertThat(large().maxBufferedBytes(Long.MAX_VALUE).build().maxBufferedBytes())
                .isEqualTo(Long.MAX_VALUE);
        for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThat(problemsOf(large().maxEnvelopeBytes(bad)))
                    .containsExactly("maxEnvelopeBytes is '" + bad + "': at least 1 byte is needed");
            assertThat(problemsOf(large().maxBufferedBytes(bad)))
                    .containsExactly("maxBufferedBytes is '" + bad + "': at least 1 byte is needed");
        }
    }

    @Test
    void theBufferHoldsAtLeastOneLargestBatch() {
        BatchConfigBuilder builder = large().maxBatchBytes(10 * KIB).maxEnvelopeBytes(20 * KIB);
        assertThat(builder.maxBufferedBytes(30 * KIB).build().maxBufferedBytes())
                .isEqualTo(30 * KIB);
        assertThat(problemsOf(builder.maxBufferedBytes(30 * KIB - 1)))
                .containsExactly("maxBufferedBytes is '30719': one batch alone may need more,"
                        + " maxBatchBytes (10240) + maxEnvelopeBytes (20480) bytes");
        assertThat(problemsOf(large().maxEnvelopeBytes(Long.MAX_VALUE)))
                .singleElement()
                .asString()
                .startsWith("maxBufferedBytes is '1073741824': one batch alone may need more");
    }

    @Test
    void aTimeIsOneMillisecondToAYear() {
        Duration least = Duration.ofMillis(1);
        Duration most = Duration.ofDays(365);
        assertThat(large().itemTimeout(least).build().itemTimeout()).isEqualTo(least);
        assertThat(large().batchTimeout(most).build().batchTimeout()).isEqualTo(most);
        for (Duration bad : List.of(
                Duration.ZERO,
                least.negated(),
                least.minusNanos(1),
                most.plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThat(problemsOf(large().itemTimeout(bad)))
                    .containsExactly("itemTimeout is '" + bad + "': a time from 1 millisecond to 365 days is allowed");
            assertThat(problemsOf(large().batchTimeout(bad)))
                    .containsExactly("batchTimeout is '" + bad + "': a time from 1 millisecond to 365 days is allowed");
        }
    }

    @Test
    void aBatchInABatchCannotBeAllowed() {
        assertThat(large().maxDepth("none").build().maxDepth()).isEqualTo("none");
        assertThat(problemsOf(large().maxDepth("1")))
                .containsExactly("maxDepth is '1': only 'none' is allowed: a batch in a batch is always refused");
    }

    @Test
    void pathsAreAllowedAndDeniedByPattern() {
        BatchConfig config =
                large().allow("/api/*", "*.json").deny("/api/admin/*").build();
        assertThat(config.allow().matches("/api/x")).isTrue();
        assertThat(config.allow().matches("/other")).isFalse();
        assertThat(config.deny().matches("/api/admin/x")).isTrue();
    }

    @Test
    void whatIsNoPathPatternIsRefused() {
        assertThat(problemsOf(large().allow("api/*")))
                .containsExactly("allow is '[api/*]': 'api/*' is no path pattern; /api/*, /exact and *.json are");
        assertThat(problemsOf(large().deny("/fine", "/a/*/b")))
                .containsExactly(
                        "deny is '[/fine, /a/*/b]': '/a/*/b' is no path pattern; /api/*, /exact and *.json are");
        assertThat(problemsOf(large().allow(List.of())))
                .containsExactly(
                        "allow is '[]': an empty list would refuse every item; leave the key out to allow all");
    }

    @Test
    void virtualThreadsTakeJava21() {
        assertThat(on(new Machine(GIB, 1, 17)).build().virtualThreads()).isFalse();
        assertThat(on(new Machine(GIB, 1, 21)).build().virtualThreads()).isTrue();
        assertThat(on(new Machine(GIB, 1, 25)).virtualThreads(false).build().virtualThreads())
                .isFalse();
        assertThat(problemsOf(on(new Machine(GIB, 1, 20)).virtualThreads(true)))
                .containsExactly("virtualThreads is 'true': only false is allowed on Java 20, Java 21 has them");
    }

    @Test
    void listenersKeepTheirOrder() {
        BatchListener one = new BatchListener() {};
        BatchListener other = new BatchListener() {};
        assertThat(large().listener(one).listener(other).build().listeners()).containsExactly(one, other);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(
                        () -> large().path("batch").maxRequests(0).maxDepth("2").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The filter's configuration is invalid:\n  path is 'batch': ")
                .hasMessageContaining("\n  maxRequests is '0': ")
                .hasMessageContaining("\n  maxDepth is '2': ");
    }

    @Test
    void aBuilderCanGoOnAfterItHasBuilt() {
        BatchListener listener = new BatchListener() {};
        BatchConfigBuilder builder = large().maxRequests(1).listener(listener);
        BatchConfig before = builder.build();
        builder.maxRequests(2).listener(new BatchListener() {});
        assertThat(before.maxRequests()).isEqualTo(1);
        assertThat(before.listeners()).containsExactly(listener);
        assertThat(builder.build().maxRequests()).isEqualTo(2);
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    void nullIsRefusedWhereItIsSet() {
        assertThatNullPointerException()
                .isThrownBy(() -> BatchConfig.builder().itemTimeout(null))
                .withMessage("itemTimeout");
    }

    private static BatchConfigBuilder large() {
        return on(new Machine(4 * GIB, 2, 17));
    }

    private static BatchConfigBuilder on(Machine machine) {
        return new BatchConfigBuilder(machine);
    }

    private static BatchConfigBuilder set(String key, int value) {
        BatchConfigBuilder builder = large();
        return switch (key) {
            case "maxRequests" -> builder.maxRequests(value);
            case "maxConcurrency" -> builder.maxConcurrency(value);
            case "threads" -> builder.threads(value);
            default -> builder.maxAbandoned(value);
        };
    }

    private static long read(String key, BatchConfig config) {
        ToLongFunction<BatchConfig> accessor = switch (key) {
            case "maxRequests" -> BatchConfig::maxRequests;
            case "maxConcurrency" -> BatchConfig::maxConcurrency;
            case "threads" -> BatchConfig::threads;
            default -> BatchConfig::maxAbandoned;
        };
        return accessor.applyAsLong(config);
    }

    private static List<String> problemsOf(BatchConfigBuilder builder) {
        InvalidConfigException[] caught = new InvalidConfigException[1];
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(builder::build)
                .satisfies(e -> caught[0] = e);
        return caught[0].problems();
    }
}
