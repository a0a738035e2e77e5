package io.multistatus.reference;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multistatus.model.Batch;
import io.multistatus.model.Headers;
import io.multistatus.model.ItemId;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.Subresponse;
import io.multistatus.wire.RefusedRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongPredicate;

/** An item that refers to another, and the answer to that. */
final class References {
    static final String CART = """
            {"id": 7, "name": "Ada \\"L\\" \\u00e9\\ud83d\\ude00", "open": true, "none": null,
             "lines": [{"sku": "a/b"}, {"sku": ".."}], "a/b": 1, "m~n": 2, "empty": "", "half": "\\ud83d"}""";
    static final Subresponse ANSWER = answer(
            201,
            CART,
            "Content-Type",
            "application/json",
            "Location",
            "/shop/carts/7",
            "X-Two",
            "one",
            "X-Two",
            "two",
            "Set-Cookie",
            "session=secret; HttpOnly",
            "X-Latin",
            "caf\u00e9");

    private References() {}

    static boolean thereIsRoom(long bytes) {
        return bytes < Long.MAX_VALUE;
    }

    static Subresponse answer(int status, String body, String... headers) {
        return Subresponse.of(status, Headers.of(headers), ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
    }

    static Subrequest item(String url, Headers headers, String body) {
        return new Subrequest(
                1,
                ItemId.of("b"),
                "POST",
                url,
                headers,
                ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
                List.of("a"),
                null,
                null);
    }

    static Subrequest resolve(Subrequest item, Subresponse answer, long maxBytes, LongPredicate room)
            throws RefusedRequestException {
        Subrequest first =
                new Subrequest(0, ItemId.of("a"), "POST", "/shop/carts", Headers.empty(), null, List.of(), null, null);
        ReferenceResolver resolver = new ReferenceResolver(new Batch(List.of(first, item)), true, "https", maxBytes);
        return resolver.resolve(item, index -> new Referent("/shop/carts?x=1", answer), room);
    }

    static Problem refusal(Subrequest item) {
        return catchThrowableOfType(
                        RefusedRequestException.class, () -> resolve(item, ANSWER, 10_000, References::thereIsRoom))
                .problem();
    }
}
