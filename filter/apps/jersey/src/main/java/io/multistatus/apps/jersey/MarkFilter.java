package io.multistatus.apps.jersey;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** Refuses what says so, and marks all answers. */
@Provider
public final class MarkFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String SEEN = "seen";

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(SEEN, request.getUriInfo().getPath());
        if (request.getHeaderString("X-Refuse") != null) {
            request.abortWith(Response.status(Response.Status.FORBIDDEN)
                    .entity("refused")
                    .type("text/plain")
                    .build());
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle("X-Seen", String.valueOf(request.getProperty(SEEN)));
    }
}
