package io.multistatus.event;

import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Subrequest;
import java.util.List;

/** Events to tell listeners. */
final class Events {
    static final BatchEvent BATCH = new BatchEvent("b-1", "/shop/batch", 3);

    private Events() {}

    static ItemEvent item(String id, String method, String url) {
        Headers headers = Headers.of("Authorization", "Bearer secret", "Cookie", "sid=secret");
        return new ItemEvent(
                BATCH, new Subrequest(0, ItemId.of(id), method, url, headers, null, List.of(), null, null));
    }
}
