package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.multistatus.BatchConfig;
import io.multistatus.BatchFilter;
import io.multistatus.equivalence.RequestCase;
import io.multistatus.event.BatchEvent;
import io.multistatus.event.BatchListener;
import io.multistatus.model.Summary;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** What an app can say about its batch endpoint, and what it cannot. */
class AutoConfigurationIT {
    private static final List<RequestCase> ONE = List.of(RequestCase.get("/public/json"));
    private static final List<RequestCase> TWO = List.of(ONE.get(0), ONE.get(0));

    private static int status(Host host, List<RequestCase> items) throws IOException {
        return new Client(host.port()).batchAnswer(items).status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multistatus.max-requests=1", "multistatus.maxRequests=1"})
    void aPropertyConfiguresTheFilter(String property) throws IOException {
        try (Host host = Host.start(List.of(property))) {
            assertThat(status(host, ONE)).isEqualTo(207);
            assertThat(status(host, TWO)).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "multistatus.max-requests=0,         maxRequests is '0'",
        "multistatus.max-requests=many,      multistatus.max-requests",
        "multistatus.item-timeout=soon,      multistatus.item-timeout",
        "multistatus.max-batch-bytes=8MiB,   multistatus.max-batch-bytes",
        "multistatus.max-request=3,          multistatus.max-request",
        "multistatus.enabled=perhaps,        multistatus.enabled",
    })
    void whatIsWrongStopsTheStartByName(String property, String named) {
        assertThatThrownBy(() -> Host.start(List.of(property)).close())
                .satisfies(thrown -> assertThat(messages(thrown)).contains(named));
    }

    private static String messages(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            all.append(each.getMessage()).append('\n');
        }
        return all.toString();
    }

    @Test
    void switchedOffThereIsNoEndpoint() throws IOException {
        try (Host host = Host.start(List.of("multistatus.enabled=false"))) {
            // Spring Security wants a CSRF token, as it does of any POST.
            assertThat(status(host, ONE)).isEqualTo(403);
        }
    }

    @Test
    void behindSpringSecurityTheBatchItselfNeedsWhatAnyPostNeeds() throws IOException {
        try (Host host = Host.start(List.of("multistatus.order=0"))) {
            Client client = new Client(host.port());
            Client.Login user = client.login("user0");
            List<RequestCase> withToken =
                    List.of(Cases.inSession(ONE.get(0), user).withOuter("X-CSRF-TOKEN", user.token()));

            assertThat(client.batchAnswer(ONE).status()).isEqualTo(403);
            assertThat(client.batchAnswer(withToken).status()).isEqualTo(207);
        }
    }

    /** Counts batches; a bean that the filter has to find. */
    static final class Counter implements BatchListener {
        final AtomicInteger batches = new AtomicInteger();

        @Override
        public void batchEnded(BatchEvent batch, Summary summary, Duration duration) {
            batches.incrementAndGet();
        }
    }

    /** Like those below no {@code @Configuration}: the app would find it by itself, in all tests. */
    static class WithListener {
        @Bean
        Counter counter() {
            return new Counter();
        }
    }

    @Test
    void listenersThatAreBeansAreTold() throws IOException {
        try (Host host = Host.start(List.of(), WithListener.class)) {
            assertThat(status(host, ONE)).isEqualTo(207);
            assertThat(status(host, TWO)).isEqualTo(207);
            assertThat(host.context().getBean(Counter.class).batches).hasValue(2);
        }
    }

    static class WithObservability {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        CountedTracers openTelemetry() {
            return new CountedTracers(new AtomicInteger());
        }
    }

    /** Does nothing, but counts who asks for a tracer. */
    record CountedTracers(AtomicInteger asked) implements OpenTelemetry {
        @Override
        public TracerProvider getTracerProvider() {
            asked.incrementAndGet();
            return TracerProvider.noop();
        }

        @Override
        public ContextPropagators getPropagators() {
            return ContextPropagators.noop();
        }
    }

    @Test
    void whatTheAppMeasuresAndTracesWithIsUsed() throws IOException {
        try (Host host = Host.start(List.of(), WithObservability.class)) {
            assertThat(status(host, TWO)).isEqualTo(207);
            MeterRegistry registry = host.context().getBean(MeterRegistry.class);
            assertThat(registry.get("multistatus.items")
                            .tag("status", "2xx")
                            .counter()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.find("multistatus.batches.live").gauge()).isNotNull();
            assertThat(host.context().getBean(CountedTracers.class).asked()).hasValue(1);
        }
    }

    @Test
    void measuringAndTracingAreSwitchedOffByProperties() throws IOException {
        List<String> off = List.of("multistatus.metrics=false", "multistatus.tracing=off");
        try (Host host = Host.start(off, WithObservability.class)) {
            assertThat(status(host, TWO)).isEqualTo(207);
            assertThat(host.context().getBean(MeterRegistry.class).getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith("multistatus"));
            assertThat(host.context().getBean(CountedTracers.class).asked()).hasValue(0);
        }
    }

    static class WithOwnFilter {
        @Bean
        BatchFilter own() {
            return new BatchFilter(BatchConfig.builder().path("/own").build());
        }
    }

    static class WithOwnRegistration {
        @Bean
        FilterRegistrationBean<BatchFilter> own() {
            FilterRegistrationBean<BatchFilter> own = new FilterRegistrationBean<>(new BatchFilter());
            own.setName("multistatus");
            own.addInitParameter("path", "/own");
            own.setOrder(Integer.MIN_VALUE + 1);
            return own;
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {WithOwnFilter.class, WithOwnRegistration.class})
    void anAppsOwnFilterIsTheOnlyOne(Class<?> own) throws IOException {
        try (Host host = Host.start(List.of(), own)) {
            assertThat(host.context().getBeansOfType(FilterRegistrationBean.class))
                    .doesNotContainKey("multistatusFilter");
            assertThat(status(host, ONE)).isEqualTo(403);
            RequestCase described = RequestCase.get("/own");
            boolean inFront = own == WithOwnRegistration.class;
            // A filter that is just a bean stands behind all others, Spring Security's among them.
            assertThat(new Client(host.port()).alone(described).status() == 200).isEqualTo(inFront);
        }
    }

    @Test
    void withoutAWebServerThereIsNothing() {
        SpringApplication app = new SpringApplication(NoWeb.class);
        app.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = app.run()) {
            assertThat(context.containsBean("multistatusFilter")).isFalse();
        }
    }

    @EnableAutoConfiguration
    static class NoWeb {}
}
