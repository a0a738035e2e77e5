package io.multistatus;

import io.multistatus.idempotency.IdempotencyKey;
import io.multistatus.idempotency.KeyedRequests;
import io.multistatus.idempotency.MalformedKeyException;
import io.multistatus.model.Batch;
import io.multistatus.model.BatchException;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.util.List;
import java.util.Optional;

/** Gives the items of a batch that has an {@code Idempotency-Key} keys of their own. */
final class BatchKeys {
    private BatchKeys() {}

    /**
     * The batch with a key for each item that changes something and has none.
     *
     * @param outer the fields of the batch's own request
     * @throws BatchException 400 if its key is none
     */
    static Batch applied(Batch batch, Headers outer) throws BatchException {
        List<String> fields = outer.all(IdempotencyKey.FIELD);
        if (fields.isEmpty()) {
            return batch;
        }
        try {
            IdempotencyKey key = IdempotencyKey.parse(fields);
            return new Batch(batch.items().stream()
                    .map(item -> hasNoNeed(item) ? item : withKey(item, key))
                    .toList());
        } catch (MalformedKeyException e) {
            throw new BatchException(KeyedRequests.malformed(e));
        }
    }

    private static boolean hasNoNeed(Subrequest item) {
        return item.isSafe() || item.headers().contains(IdempotencyKey.FIELD);
    }

    private static Subrequest withKey(Subrequest item, IdempotencyKey key) {
        IdempotencyKey own = key.ofItem(Optional.ofNullable(item.id()).map(ItemId::name), item.index());
        return item.withHeaders(Headers.builder()
                .addAll(item.headers())
                .add(IdempotencyKey.FIELD, own.toField())
                .build());
    }
}
