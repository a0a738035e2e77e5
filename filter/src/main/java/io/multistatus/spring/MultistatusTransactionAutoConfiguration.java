package io.multistatus.spring;

import io.multistatus.DispatcherChoice;
import io.multistatus.InvalidConfigException;
import io.multistatus.transaction.BatchTransaction;
import jakarta.servlet.ServletContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.NamedBeanHolder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Has groups of items run in transactions of the app's {@link PlatformTransactionManager}, unless the app has a
 * {@link BatchTransaction} or a batch filter of its own.
 *
 * <p>The manager is looked for when all beans are there, and goes to the filter by the context's attribute: a filter is made
 * while the server starts, and whatever it asked for would have to be made then too, database and all.
 */
@AutoConfiguration(after = MultistatusAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(name = MultistatusAutoConfiguration.FILTER_NAME)
final class MultistatusTransactionAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MultistatusTransactionAutoConfiguration.class);
    private static final String MANAGER = "org.springframework.transaction.PlatformTransactionManager";

    private static InvalidConfigException invalid(String name, String why) {
        return new InvalidConfigException(List.of("transactionManager is '" + name + "': " + why));
    }

    /** Where Spring's transactions are. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = MANAGER)
    static class WithTransactions {

        @Bean
        SmartInitializingSingleton multistatusTransactionManager(
                MultistatusProperties properties, ConfigurableListableBeanFactory beans, ServletContext context) {
            return () -> {
                if (properties.enabled()) {
                    find(properties, beans)
                            .ifPresent(found -> leave(found, context, properties.transactionManager() != null));
                }
            };
        }

        private static Optional<NamedBeanHolder<PlatformTransactionManager>> find(
                MultistatusProperties properties, ConfigurableListableBeanFactory beans) {
            String name = properties.transactionManager();
            if (name != null) {
                return Optional.of(named(name, properties, beans));
            }
            boolean wanted =
                    properties.isAtomicityLeftToApp() && beans.getBeanNamesForType(BatchTransaction.class).length == 0;
            return wanted ? onlyOne(beans) : Optional.empty();
        }

        private static NamedBeanHolder<PlatformTransactionManager> named(
                String name, MultistatusProperties properties, ConfigurableListableBeanFactory beans) {
            String[] others = beans.getBeanNamesForType(BatchTransaction.class);
            if (!properties.isAtomicityLeftToApp()) {
                throw invalid(name, "only allowed with atomicity=auto");
            }
            if (properties.dispatcher() == DispatcherChoice.LOOPBACK) {
                throw invalid(name, "not allowed with dispatcher=loopback, where items run on threads of their own");
            }
            if (others.length > 0) {
                throw invalid(name, "groups run in the bean '" + others[0] + "', a BatchTransaction");
            }
            if (!beans.containsBean(name) || !beans.isTypeMatch(name, PlatformTransactionManager.class)) {
                throw invalid(name, "no PlatformTransactionManager has that name; there are " + names(beans));
            }
            return new NamedBeanHolder<>(name, beans.getBean(name, PlatformTransactionManager.class));
        }

        private static List<String> names(ConfigurableListableBeanFactory beans) {
            return Arrays.stream(beans.getBeanNamesForType(PlatformTransactionManager.class))
                    .sorted()
                    .toList();
        }

        private static Optional<NamedBeanHolder<PlatformTransactionManager>> onlyOne(
                ConfigurableListableBeanFactory beans) {
            try {
                return Optional.of(beans.resolveNamedBean(PlatformTransactionManager.class));
            } catch (NoUniqueBeanDefinitionException e) {
                LOG.info(
                        "Groups of batches (atomicityGroup) are refused: there are several transaction managers, {}, and none"
                                + " is primary. Say which by multistatus.transaction-manager",
                        names(beans));
            } catch (NoSuchBeanDefinitionException e) {
                LOG.debug("The app has no transaction manager", e);
            }
            return Optional.empty();
        }

        private static void leave(
                NamedBeanHolder<PlatformTransactionManager> found, ServletContext context, boolean asked) {
            if (asked || context.getAttribute(BatchTransaction.ATTRIBUTE) == null) {
                context.setAttribute(BatchTransaction.ATTRIBUTE, new SpringTransaction(found.getBeanInstance()));
                LOG.debug("Groups of batches run in transactions of the bean '{}'", found.getBeanName());
            }
        }
    }

    /** Where they are not. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass(MANAGER)
    static class WithoutTransactions {

        @Bean
        SmartInitializingSingleton multistatusNoTransactionManager(MultistatusProperties properties) {
            return () -> {
                String name = properties.transactionManager();
                if (name != null) {
                    throw invalid(name, "spring-tx is not on the class path");
                }
            };
        }
    }
}
