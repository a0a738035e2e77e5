package io.multistatus.demo.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    @Test
    void aNewDatabaseHasACatalogueOfSixtyProductsWithStock() throws Exception {
        try (Database database = inMemory()) {
            assertThat(database.products().list(0, 100)).hasSize(60);
            assertThat(database.products().stock(60)).contains(new Stock(60, 0, 0));
        }
    }

    @Test
    void aDatabaseInAFileKeepsWhatItHeldAndIsNotFilledAgain(@TempDir Path directory) throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("shop");
        try (Database database = Database.open(url)) {
            assertThat(database.products().setQuantity(1, 7)).isTrue();
        }
        try (Database database = Database.open(url)) {
            assertThat(database.products().stock(1)).contains(new Stock(1, 7, 0));
            assertThat(database.products().list(0, 100)).hasSize(60);
        }
    }

    @Test
    void aUrlThatNoDriverTakesIsRefused() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Database.open("jdbc:nosuch:x"))
                .withMessageContaining("No suitable driver");
    }

    @Test
    void anOrderThatFailsHalfWayLeavesNothingBehind() throws Exception {
        try (Database database = inMemory()) {
            Cart cart = database.carts().create(null);
            database.carts().add(cart.id(), new Product(1, "", "", "", 0), 1);
            String tooLong = "x".repeat(81);

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(() -> database.orders().place(tooLong, cart.id()));

            assertThat(database.reports().figures().orders()).isZero();
            assertThat(database.orders().place("Ada", cart.id())).isPresent();
        }
    }

    @Test
    void aClosedDatabaseIsNotUp() throws Exception {
        Database database = inMemory();
        assertThat(database.isUp()).isTrue();

        database.close();

        assertThat(database.isUp()).isFalse();
    }

    private static Database inMemory() throws SQLException {
        return Database.open("jdbc:h2:mem:" + UUID.randomUUID());
    }
}
