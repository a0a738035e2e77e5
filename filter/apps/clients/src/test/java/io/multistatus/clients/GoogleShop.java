package io.multistatus.clients;

import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClient;
import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClientRequest;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.Key;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shop as a service of google-api-client, as Google's generator would write it. */
final class GoogleShop extends AbstractGoogleJsonClient {
    GoogleShop(String baseUrl) {
        super(new Builder(baseUrl));
    }

    private static final class Builder extends AbstractGoogleJsonClient.Builder {
        Builder(String baseUrl) {
            super(new NetHttpTransport(), GsonFactory.getDefaultInstance(), baseUrl + "/", "api/", null, false);
            setBatchPath("batch");
            setApplicationName("shop");
        }

        @Override
        public GoogleShop build() {
            throw new UnsupportedOperationException();
        }
    }

    Call<Product> product(int id) {
        return new Call<>(this, "GET", "products/" + id, null, Product.class);
    }

    Call<Cart> newCart(String customer) {
        return new Call<>(this, "POST", "carts", Map.of("customer", customer), Cart.class);
    }

    /** One request. */
    static final class Call<T> extends AbstractGoogleJsonClientRequest<T> {
        Call(GoogleShop shop, String method, String path, @Nullable Object content, Class<T> answer) {
            super(shop, method, path, content, answer);
        }
    }

    /** Filled by the client. */
    public static final class Product {
        @Key
        private String name = "";

        @Key
        private int priceCents;

        @Override
        public String toString() {
            return "product " + name + ", " + priceCents;
        }
    }

    /** Filled by the client. */
    public static final class Cart {
        @Key
        private String customer = "";

        @Override
        public String toString() {
            return "cart of " + customer;
        }
    }
}
