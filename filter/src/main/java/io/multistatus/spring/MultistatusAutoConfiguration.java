package io.multistatus.spring;

import io.multistatus.BatchConfigBuilder;
import io.multistatus.BatchFilter;
import io.multistatus.event.BatchListener;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.DispatcherType;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWarDeployment;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Registers the filter in a servlet app on Spring Boot 3 or 4, unless the app has a {@link BatchFilter} or a
 * {@code FilterRegistrationBean<BatchFilter>} as a bean. Configured by {@link MultistatusProperties}; all
 * {@link BatchListener} beans are told of batches, and groups run in a {@link BatchTransaction} bean, if there is one.
 *
 * <p>It comes before the one that registers the filter for observations, which has the same order: if that stood in front,
 * items would be seen as parts of the batch's own observation whenever they run on its thread.
 */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.actuate.autoconfigure.observation.web.servlet.WebMvcObservationAutoConfiguration",
            "org.springframework.boot.webmvc.autoconfigure.WebMvcObservationAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(MultistatusProperties.class)
final class MultistatusAutoConfiguration {
    /**
     * Of the filter and of its bean. Not that of the web fragment: of two filters of one name a container takes the first,
     * which is not ours.
     */
    static final String FILTER_NAME = "multistatusFilter";

    @Bean(FILTER_NAME)
    @ConditionalOnMissingBean(value = BatchFilter.class, parameterizedContainer = FilterRegistrationBean.class)
    FilterRegistrationBean<BatchFilter> multistatusFilter(
            MultistatusProperties properties,
            ObjectProvider<BatchListener> listeners,
            ObjectProvider<BatchTransaction> transaction,
            ListableBeanFactory beans) {
        BatchConfigBuilder config = properties.toBuilder();
        if (properties.enabled() && properties.jobDataSource() != null) {
            DataSource jobs = DataSourceBeans.named(properties.jobDataSource(), "jobDataSource", beans);
            config.jobs(settings -> settings.dataSource(jobs));
        }
        listeners.orderedStream().forEach(config::listener);
        if (properties.isAtomicityLeftToApp()) {
            transaction.ifAvailable(config::transaction);
        }
        FilterRegistrationBean<BatchFilter> registration =
                new FilterRegistrationBean<>(new BatchFilter(config.build()));
        registration.setName(FILTER_NAME);
        registration.setEnabled(properties.enabled());
        registration.setOrder(properties.order());
        registration.setAsyncSupported(true);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        registration.addUrlPatterns("/*");
        return registration;
    }

    /**
     * In a WAR on a stand-alone container the jar's web fragment declares the filter too: behind all filters of the app,
     * and without its properties.
     */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWarDeployment
    static class WarDeployment {

        @Bean
        ServletContextInitializer multistatusFragmentSuperseded() {
            return context -> context.setAttribute(BatchFilter.SUPERSEDED, true);
        }
    }
}
