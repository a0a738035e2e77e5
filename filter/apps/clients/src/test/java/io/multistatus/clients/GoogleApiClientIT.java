package io.multistatus.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.googleapis.batch.BatchCallback;
import com.google.api.client.googleapis.batch.BatchRequest;
import com.google.api.client.googleapis.batch.json.JsonBatchCallback;
import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.util.Key;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** google-api-client, whose generated services are all made the way {@link GoogleShop} is. */
class GoogleApiClientIT {
    @RegisterExtension
    static final RunningDemos demos = new RunningDemos();

    private final List<String> told = new ArrayList<>();

    @InEachContainer
    void eachCallbackIsToldOfItsOwnAnswer(String container) throws IOException {
        GoogleShop shop = new GoogleShop(demos.in(container).baseUrl());
        BatchRequest batch = shop.batch();
        shop.product(1).queue(batch, new Told<>());
        shop.newCart("Grace").queue(batch, new Told<>());
        GoogleShop.Call<GoogleShop.Product> missing = shop.product(9999);
        batch.queue(missing.buildHttpRequest(), GoogleShop.Product.class, Problem.class, new Failure());
        assertThat(batch.getBatchUrl().build()).isEqualTo(demos.in(container).baseUrl() + "/batch");

        batch.execute();

        assertThat(told)
                .containsExactly(
                        "product Moka pot, 3 cups, 2490",
                        "cart of Grace",
                        "404 There is no product '9999' as application/problem+json");
    }

    /** The error that this callback is made for is of Google's form, which the shop's are not. */
    @InEachContainer
    void aFailureIsToldToTheCallbackForGooglesErrorsWithoutTheError(String container) throws IOException {
        GoogleShop shop = new GoogleShop(demos.in(container).baseUrl());
        BatchRequest batch = shop.batch();
        shop.product(9999).queue(batch, new Told<>());

        batch.execute();

        assertThat(told).containsExactly("failed: null");
    }

    /** What Google's own services are read with. */
    private final class Told<T> extends JsonBatchCallback<T> {
        @Override
        public void onSuccess(T answer, HttpHeaders headers) {
            told.add(answer.toString());
        }

        @Override
        public void onFailure(GoogleJsonError error, HttpHeaders headers) {
            told.add("failed: " + error);
        }
    }

    private final class Failure implements BatchCallback<GoogleShop.Product, Problem> {
        @Override
        public void onSuccess(GoogleShop.Product product, HttpHeaders headers) {
            told.add("success: " + product);
        }

        @Override
        public void onFailure(Problem problem, HttpHeaders headers) {
            told.add(problem.status + " " + problem.detail + " as " + headers.getContentType());
        }
    }

    /** An error of the shop. Filled by the client. */
    public static final class Problem {
        @Key
        private int status;

        @Key
        private String detail = "";
    }
}
