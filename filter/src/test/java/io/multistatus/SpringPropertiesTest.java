package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Spring Boot's properties, held against the keys of the configuration. */
class SpringPropertiesTest {
    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

    /** A value for every key that names no bean, none of them the default, as text for an init-param. */
    private static final Map<String, String> VALUES = new LinkedHashMap<>();

    static {
        VALUES.put("path", "/api/batch");
        VALUES.put("odataPath", "/$batch");
        VALUES.put("odataStatus", "207");
        VALUES.put("module", "false");
        VALUES.put("urlBase", "/shop");
        VALUES.put("multiStatus", "never");
        VALUES.put("status200UserAgents", "Old, or older");
        VALUES.put("deniedHeaders", "X-A, X-B-*");
        VALUES.put("allowedHeaders", "Referer");
        VALUES.put("allowedOrigins", "https://a.example, https://b.example");
        VALUES.put("execution", "parallel");
        VALUES.put("maxRequests", "7");
        VALUES.put("maxBatchBytes", "1048576");
        VALUES.put("maxResponseBytes", "2048");
        VALUES.put("maxEnvelopeBytes", "4096");
        VALUES.put("maxBufferedBytes", "8388608");
        VALUES.put("itemTimeout", "10s");
        VALUES.put("batchTimeout", "PT1M30S");
        VALUES.put("maxConcurrency", "3");
        VALUES.put("maxDepth", "none");
        VALUES.put("allow", "/api/*, *.json");
        VALUES.put("deny", "/admin/*");
        VALUES.put("atomicity", "none");
        VALUES.put("dispatcher", "loopback");
        VALUES.put("loopbackUrl", "http://127.0.0.1:81");
        VALUES.put("threads", "5");
        VALUES.put("virtualThreads", "false");
        VALUES.put("maxAbandoned", "11");
        VALUES.put("jobs", "false");
        VALUES.put("jobTimeout", "2h");
        VALUES.put("jobTtl", "3h");
        VALUES.put("jobRetries", "4");
        VALUES.put("maxRunningJobs", "5");
        VALUES.put("maxQueuedJobs", "6");
        VALUES.put("maxJobs", "7");
        VALUES.put("maxJobBytes", "8192");
        VALUES.put("jobGrace", "9s");
        VALUES.put("jobTable", "app.job");
        VALUES.put("createJobTable", "true");
        VALUES.put("jobLease", "11s");
        VALUES.put("tracing", "off");
    }

    @Test
    void everyKeyIsAProperty() throws ReflectiveOperationException {
        List<String> keys =
                new ArrayList<>(List.of("enabled", "order", "transactionManager", "metrics", "idempotency"));
        keys.addAll(BatchInitParams.names());
        // In a Spring app these are beans.
        keys.remove("listeners");
        assertThat(Arrays.stream(properties().getRecordComponents()).map(RecordComponent::getName))
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void everyKeyOfIdempotencyIsAProperty() throws ReflectiveOperationException {
        List<String> keys = new ArrayList<>(List.of("enabled", "order"));
        keys.addAll(IdempotencyInitParams.names());
        assertThat(Arrays.stream(idempotency().getRecordComponents()).map(RecordComponent::getName))
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void everyPropertyIsDescribedToIdes() throws IOException, ReflectiveOperationException {
        Map<String, String> described = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(METADATA), METADATA)) {
            for (JsonNode each : new ObjectMapper().readTree(in).path("properties")) {
                described.put(
                        each.path("name").asText(), each.path("description").asText());
            }
        }
        assertThat(described.keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Arrays.stream(properties().getRecordComponents())
                                        .map(component -> "multistatus." + kebab(component.getName()))
                                        .filter(name -> !name.equals("multistatus.idempotency")),
                                Arrays.stream(idempotency().getRecordComponents())
                                        .map(component -> "multistatus.idempotency." + kebab(component.getName())))
                        .toList());
        assertThat(described.values()).allMatch(text -> text.matches("[A-Z][^@]+\\."));
    }

    @Test
    void theySayTheSameAsInitParamsInKebabCase() throws Exception {
        Map<String, String> kebab = new LinkedHashMap<>();
        VALUES.forEach((key, value) -> kebab.put(kebab(key), value));
        assertSame(config(kebab), byInitParams(VALUES));
    }

    @Test
    void theySayTheSameAsInitParamsInCamelCase() throws Exception {
        assertSame(config(VALUES), byInitParams(VALUES));
    }

    @Test
    void withoutAnyTheDefaultsHold() throws Exception {
        assertSame(config(Map.of("enabled", "true")), BatchConfig.defaults());
    }

    @Test
    void thoseOfIdempotencySayTheSameAsInitParams() throws Exception {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("ttl", "48h");
        values.put("maxEntries", "7");
        values.put("maxBytes", "1048576");
        values.put("maxResponseBytes", "2048");
        values.put("credentialHeaders", "X-A, X-B");
        values.put("table", "app.key");
        values.put("createTable", "true");
        values.put("lease", "9s");
        Map<String, String> kebab = new LinkedHashMap<>();
        values.forEach((key, value) -> kebab.put("idempotency." + kebab(key), value));

        assertThat(idempotency(kebab))
                .usingRecursiveComparison()
                .isEqualTo(IdempotencyInitParams.read(new StubFilterConfig(values)));
        assertThat(idempotency(Map.of()))
                .usingRecursiveComparison()
                .isEqualTo(IdempotencyConfig.builder().build());
    }

    @Test
    void thatKeysAreTransactionalIsJudgedWithTheDataSource() {
        assertThatThrownBy(() -> idempotency(Map.of("idempotency.transactional", "true")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("transactional");
    }

    @Test
    void forwardHasItsPathsAsAList() throws Exception {
        BatchConfig config =
                config(Map.of("dispatcher", "forward", "forward-allow[0]", "/a", "forward-allow[1]", "/b/*"));
        assertThat(config.forwardAllow().matches("/b/c")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1MB, 1048576", "8KB, 8192", "77, 77", "77B, 77"})
    void sizesAreWrittenAsSpringHasThem(String text, long bytes) throws Exception {
        assertThat(config(Map.of("max-response-bytes", text)).maxResponseBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "max-requests, many",
        "max-batch-bytes, 8MiB",
        "item-timeout, soon",
        "execution, backwards",
        "dispatcher, teleport",
        "virtual-threads, perhaps",
        "enabled, perhaps",
        "order, first",
        "jobs, perhaps",
        "job-ttl, soon",
        "idempotency.ttl, soon",
    })
    void aMalformedValueIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> config(Map.of(key, value)))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("multistatus." + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxRequests", "max-requests"})
    void anImpossibleValueIsRefusedByName(String key) {
        assertThatThrownBy(() -> config(Map.of(key, "0")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("maxRequests is '0'");
    }

    /** Init-params may be separated by white space, Spring's lists may not: what comes of it is no path. */
    @Test
    void pathsSeparatedBySpacesAreRefused() {
        assertThatThrownBy(() -> config(Map.of("deny", "/a/* /b/*")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("deny");
    }

    private static void assertSame(BatchConfig actual, BatchConfig expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withEqualsForType((one, other) -> one.pattern().equals(other.pattern()), Pattern.class)
                .isEqualTo(expected);
    }

    private static BatchConfig byInitParams(Map<String, String> values) {
        return BatchConfig.fromInitParams(new StubFilterConfig(values));
    }

    private static BatchConfig config(Map<String, String> values) throws Exception {
        return ((BatchConfigBuilder) invoke(bound(values), "toBuilder")).build();
    }

    private static IdempotencyConfig idempotency(Map<String, String> values) throws Exception {
        Object nested = invoke(bound(values), "idempotency");
        return ((IdempotencyConfig.Builder) invoke(nested, "toBuilder")).build();
    }

    private static Object bound(Map<String, String> values) throws ClassNotFoundException {
        Map<String, String> named = new LinkedHashMap<>();
        values.forEach((key, value) -> named.put("multistatus." + key, value));
        return new Binder(new MapConfigurationPropertySource(named)).bindOrCreate("multistatus", properties());
    }

    private static Object invoke(Object target, String name) throws ReflectiveOperationException {
        Method method = target.getClass().getDeclaredMethod(name);
        method.setAccessible(true);
        return method.invoke(target);
    }

    private static Class<?> properties() throws ClassNotFoundException {
        return Class.forName("io.multistatus.spring.MultistatusProperties");
    }

    private static Class<?> idempotency() throws ClassNotFoundException {
        return Class.forName("io.multistatus.spring.MultistatusProperties$Idempotency");
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
