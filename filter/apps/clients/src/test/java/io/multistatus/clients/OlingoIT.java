package io.multistatus.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Iterator;
import org.apache.olingo.client.api.ODataClient;
import org.apache.olingo.client.api.communication.request.batch.BatchManager;
import org.apache.olingo.client.api.communication.request.batch.ODataBatchRequest;
import org.apache.olingo.client.api.communication.request.batch.ODataBatchResponseItem;
import org.apache.olingo.client.api.communication.request.batch.ODataChangeset;
import org.apache.olingo.client.api.communication.request.cud.ODataEntityCreateRequest;
import org.apache.olingo.client.api.communication.request.cud.ODataEntityUpdateRequest;
import org.apache.olingo.client.api.communication.request.cud.UpdateType;
import org.apache.olingo.client.api.communication.request.retrieve.ODataEntityRequest;
import org.apache.olingo.client.api.communication.response.ODataBatchResponse;
import org.apache.olingo.client.api.communication.response.ODataEntityCreateResponse;
import org.apache.olingo.client.api.communication.response.ODataEntityUpdateResponse;
import org.apache.olingo.client.api.communication.response.ODataResponse;
import org.apache.olingo.client.api.communication.response.ODataRetrieveResponse;
import org.apache.olingo.client.api.domain.ClientEntity;
import org.apache.olingo.client.api.domain.ClientPrimitiveValue;
import org.apache.olingo.client.core.ODataClientFactory;
import org.apache.olingo.commons.api.format.ContentType;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Olingo's client for OData 4, whose service root is the shop's API. */
class OlingoIT {
    @RegisterExtension
    static final RunningDemos demos = new RunningDemos();

    private final ODataClient client = ODataClientFactory.getClient();
    private String root = "";

    @InEachContainer
    void eachItemOfTheBatchHasItsAnswer(String container) {
        BatchManager batch = begin(container);
        batch.addRequest(get("products/1"));
        ODataChangeset changeSet = batch.addChangeset();
        changeSet.addRequest(post("carts", entity("customer", text("Grace"))));
        changeSet.addRequest(put("products/11/stock", entity("quantity", number(5))));
        batch.addRequest(get("products/9999"));

        ODataBatchResponse response = batch.getResponse();

        assertThat(response.getStatusCode()).isEqualTo(200);
        Iterator<ODataBatchResponseItem> items = response.getBody();
        ODataResponse product = items.next().next();
        assertThat(product.getStatusCode()).isEqualTo(200);
        ClientEntity entity = (ClientEntity) ((ODataRetrieveResponse<?>) product).getBody();
        assertThat(entity.getProperty("name").getPrimitiveValue()).hasToString("Moka pot, 3 cups");

        ODataBatchResponseItem changes = items.next();
        assertThat(changes.isChangeset()).isTrue();
        ODataEntityCreateResponse<?> cart = (ODataEntityCreateResponse<?>) changes.next();
        assertThat(cart.getStatusCode()).isEqualTo(201);
        assertThat(cart.getHeader("Location").iterator().next()).startsWith("/api/carts/");
        assertThat(cart.getBody().getProperty("customer").getPrimitiveValue()).hasToString("Grace");
        ODataEntityUpdateResponse<?> stock = (ODataEntityUpdateResponse<?>) changes.next();
        assertThat(stock.getStatusCode()).isEqualTo(200);
        assertThat(stock.getBody().getProperty("quantity").getPrimitiveValue()).hasToString("5");

        ODataResponse missing = items.next().next();
        assertThat(missing.getStatusCode()).isEqualTo(404);
        assertThat(missing.getRawResponse()).asString(UTF_8).contains("There is no product '9999'");
        assertThat(items.hasNext()).isFalse();
    }

    @InEachContainer
    void aChangeSetThatIsRolledBackIsOneFailure(String container) throws Exception {
        BatchManager batch = begin(container);
        int before = demos.in(container).stock(12);
        ODataChangeset changeSet = batch.addChangeset();
        changeSet.addRequest(put("products/12/stock", entity("quantity", number(before + 1))));
        changeSet.addRequest(put("products/9999/stock", entity("quantity", number(1))));

        Iterator<ODataBatchResponseItem> items = batch.getResponse().getBody();

        ODataResponse failure = items.next().next();
        assertThat(failure.getStatusCode()).isEqualTo(404);
        assertThat(items.hasNext()).isFalse();
        assertThat(demos.in(container).stock(12)).isEqualTo(before);
    }

    @InEachContainer
    void withContinueOnErrorWhatFollowsAFailureIsDoneAndRead(String container) {
        client.getConfiguration().setContinueOnError(true);
        BatchManager batch = begin(container);
        batch.addRequest(get("products/9999"));
        batch.addRequest(get("products/1"));

        Iterator<ODataBatchResponseItem> items = batch.getResponse().getBody();

        assertThat(items.next().next().getStatusCode()).isEqualTo(404);
        assertThat(items.next().next().getStatusCode()).isEqualTo(200);
    }

    private BatchManager begin(String container) {
        root = demos.in(container).baseUrl() + "/api/";
        ODataBatchRequest request = client.getBatchRequestFactory().getBatchRequest(root);
        return request.payloadManager();
    }

    private ODataEntityRequest<ClientEntity> get(String path) {
        ODataEntityRequest<ClientEntity> request =
                client.getRetrieveRequestFactory().getEntityRequest(URI.create(root + path));
        request.setFormat(ContentType.JSON_NO_METADATA);
        return request;
    }

    private ODataEntityCreateRequest<ClientEntity> post(String path, ClientEntity entity) {
        ODataEntityCreateRequest<ClientEntity> request =
                client.getCUDRequestFactory().getEntityCreateRequest(URI.create(root + path), entity);
        request.setFormat(ContentType.JSON_NO_METADATA);
        return request;
    }

    private ODataEntityUpdateRequest<ClientEntity> put(String path, ClientEntity entity) {
        ODataEntityUpdateRequest<ClientEntity> request = client.getCUDRequestFactory()
                .getEntityUpdateRequest(URI.create(root + path), UpdateType.REPLACE, entity);
        request.setFormat(ContentType.JSON_NO_METADATA);
        return request;
    }

    private ClientPrimitiveValue text(String value) {
        return client.getObjectFactory().newPrimitiveValueBuilder().buildString(value);
    }

    private ClientPrimitiveValue number(int value) {
        return client.getObjectFactory().newPrimitiveValueBuilder().buildInt32(value);
    }

    private ClientEntity entity(String member, ClientPrimitiveValue value) {
        ClientEntity entity = client.getObjectFactory().newEntity(null);
        entity.getProperties().add(client.getObjectFactory().newPrimitiveProperty(member, value));
        return entity;
    }
}
