package io.multistatus.spring;

import io.multistatus.IdempotencyConfig;
import io.multistatus.IdempotencyFilter;
import io.multistatus.InvalidConfigException;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Registers the filter for requests with an {@code Idempotency-Key}, if {@code multistatus.idempotency.enabled} says so, unless the app
 * has an {@link IdempotencyFilter} or a {@code FilterRegistrationBean<IdempotencyFilter>} as a bean. It stands behind Spring
 * Security, since whoever is given an answer again must be known by then.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(prefix = "multistatus.idempotency", name = "enabled", havingValue = "true")
@EnableConfigurationProperties(MultistatusProperties.class)
final class MultistatusIdempotencyAutoConfiguration {
    /** Of the filter and of its bean. */
    static final String FILTER_NAME = "multistatusIdempotencyFilter";

    private static final String PREFIX = "idempotency.";

    @Bean(FILTER_NAME)
    @ConditionalOnMissingBean(value = IdempotencyFilter.class, parameterizedContainer = FilterRegistrationBean.class)
    FilterRegistrationBean<IdempotencyFilter> multistatusIdempotencyFilter(
            MultistatusProperties properties, ListableBeanFactory beans) {
        FilterRegistrationBean<IdempotencyFilter> registration =
                new FilterRegistrationBean<>(new IdempotencyFilter(config(properties.idempotency(), beans)));
        registration.setName(FILTER_NAME);
        registration.setOrder(properties.idempotency().order());
        registration.setAsyncSupported(true);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        registration.addUrlPatterns("/*");
        return registration;
    }

    private static IdempotencyConfig config(MultistatusProperties.Idempotency properties, ListableBeanFactory beans) {
        IdempotencyConfig.Builder config = properties.toBuilder();
        String dataSource = properties.dataSource();
        if (dataSource != null) {
            config.dataSource(DataSourceBeans.named(dataSource, PREFIX + "dataSource", beans));
        }
        try {
            return config.build();
        } catch (InvalidConfigException e) {
            // As the properties are called, and not to be taken for one of the batch filter's.
            InvalidConfigException named = new InvalidConfigException(
                    e.problems().stream().map(problem -> PREFIX + problem).toList());
            named.initCause(e);
            throw named;
        }
    }
}
