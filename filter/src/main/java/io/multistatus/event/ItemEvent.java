package io.multistatus.event;

import io.multistatus.model.Subrequest;

/**
 * An item, as listeners see it. Its URL's query and its headers may hold credentials: they do not belong in logs.
 *
 * @param batch the batch it belongs to
 * @param request the item as its client wrote it
 */
public record ItemEvent(BatchEvent batch, Subrequest request) {

    /** The path of its URL as written: without the query. */
    public String path() {
        String url = request.url();
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
