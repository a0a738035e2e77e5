package io.multistatus.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.multistatus.micrometer.MicrometerListener;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** Measures batches in the app's {@link MeterRegistry}, the primary one of several, unless it has a {@link MicrometerListener} of its own. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnProperty(prefix = "multistatus", name = "metrics", havingValue = "true", matchIfMissing = true)
final class MultistatusMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    MicrometerListener multistatusMetrics(MeterRegistry registry) {
        return new MicrometerListener(registry);
    }
}
