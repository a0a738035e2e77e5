package io.multistatus.apps.jersey;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/** A problem document (RFC 9457) for what resources throw. */
@Provider
public final class OutOfStockMapper implements ExceptionMapper<OutOfStockException> {

    @Override
    public Response toResponse(OutOfStockException e) {
        return Response.status(Response.Status.CONFLICT)
                .type("application/problem+json")
                .entity(Map.of("title", "Out of stock", "article", e.getMessage()))
                .build();
    }
}
