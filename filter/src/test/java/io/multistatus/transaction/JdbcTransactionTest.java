package io.multistatus.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JdbcTransactionTest {

    /** In a class loader of its own, as that of an app is, since others in this JVM have made data sources. */
    @Test
    void withoutATransactionalDataSourceNoGroupBegins() throws Exception {
        URL[] classes = {locationOf(JdbcTransaction.class), locationOf(LoggerFactory.class)};
        try (URLClassLoader app = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = app.loadClass(JdbcTransaction.class.getName());
            Object transaction = type.getConstructor().newInstance();
            Method begin = type.getMethod("begin", Duration.class);

            assertThatThrownBy(() -> begin.invoke(transaction, Duration.ofSeconds(10)))
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .rootCause()
                    .hasMessageContainingAll("atomicity=jdbc", "new TransactionalDataSource(original)");

            app.loadClass(TransactionalDataSource.class.getName())
                    .getConstructor(DataSource.class)
                    .newInstance(new JdbcDataSource());

            assertThat(begin.invoke(transaction, Duration.ofSeconds(10))).isNotNull();
        }
    }

    private static URL locationOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
