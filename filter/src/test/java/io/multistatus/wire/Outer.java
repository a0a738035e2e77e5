package io.multistatus.wire;

import io.multistatus.model.Headers;

/** Batches' own requests, as the items see them. */
final class Outer {
    private Outer() {}

    static OuterRequest request(String... headers) {
        return at("", "/batch", headers);
    }

    static OuterRequest at(String contextPath, String path, String... headers) {
        return new OuterRequest("http://shop.example", "shop.example", contextPath, path, Headers.of(headers));
    }
}
