package io.multistatus.spring;

import io.multistatus.opentelemetry.TracingListener;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/**
 * Traces batches with the app's {@link OpenTelemetry} bean, unless it has a {@link TracingListener} of its own. Without such a bean the
 * filter itself looks for the global one.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
            "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(OpenTelemetry.class)
@ConditionalOnSingleCandidate(OpenTelemetry.class)
@ConditionalOnProperty(prefix = "multistatus", name = "tracing", havingValue = "auto", matchIfMissing = true)
final class MultistatusTracingAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TracingListener multistatusTracing(OpenTelemetry openTelemetry) {
        return new TracingListener(openTelemetry);
    }
}
