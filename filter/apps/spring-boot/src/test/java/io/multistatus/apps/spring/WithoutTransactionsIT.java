package io.multistatus.apps.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multistatus.InvalidConfigException;
import io.multistatus.equivalence.ItemAnswer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** An app without spring-tx: the build takes it off the class path of this test. */
class WithoutTransactionsIT {
    private static final String[] ON_ANY_PORT = {"--server.port=0"};

    @EnableAutoConfiguration
    static class Bare {}

    @Test
    void theEndpointIsThereAndGroupsAreRefused() throws Exception {
        assertThatThrownBy(() -> Class.forName("org.springframework.transaction.PlatformTransactionManager"))
                .isInstanceOf(ClassNotFoundException.class);
        try (ConfigurableApplicationContext context = SpringApplication.run(Bare.class, ON_ANY_PORT)) {
            Client client =
                    new Client(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
            assertThat(client.group("one", "other").items())
                    .allSatisfy(item -> assertThat(item.status()).isEqualTo(501))
                    .extracting(ItemAnswer::id)
                    .containsExactly("0", "1");
        }
    }

    @Test
    void aManagerThatIsNamedStopsTheStart() {
        assertThatThrownBy(() -> SpringApplication.run(
                                Bare.class, ON_ANY_PORT[0], "--multistatus.transaction-manager=orders")
                        .close())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("transactionManager is 'orders': spring-tx is not on the class path");
    }
}
