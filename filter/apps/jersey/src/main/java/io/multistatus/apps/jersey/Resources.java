package io.multistatus.apps.jersey;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Answers of the thread that was asked. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class Resources {

    /** An order as a client posts it. */
    public record Order(String article, int pieces) {}

    @GET
    @Path("echo")
    public Map<String, Object> echo(
            @Context UriInfo uri, @Context HttpHeaders headers, @Context HttpServletRequest request) {
        Map<String, Object> seen = new TreeMap<>();
        seen.put("uri", uri.getRequestUri().toString());
        seen.put("base", uri.getBaseUri().toString());
        seen.put("query", uri.getQueryParameters());
        seen.put("mark", String.valueOf(headers.getHeaderString("X-Mark")));
        seen.put("languages", headers.getAcceptableLanguages().toString());
        seen.put("remote", request.getRemoteAddr());
        return seen;
    }

    @GET
    @Path("number/{n}")
    public int number(@PathParam("n") int n) {
        return n;
    }

    @POST
    @Path("orders")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response order(Order order) {
        return Response.created(URI.create("orders/1")).entity(order).build();
    }

    @POST
    @Path("line")
    @Consumes("application/x-line")
    @Produces("application/x-line")
    public Line line(Line line) {
        return line;
    }

    @POST
    @Path("form")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Map<String, String> form(@FormParam("name") String name) {
        return Map.of("name", String.valueOf(name));
    }

    @GET
    @Path("etag")
    public Response etag(@Context Request request) {
        EntityTag tag = new EntityTag("v1");
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return (unchanged == null ? Response.ok(Map.of("n", 1)).tag(tag) : unchanged).build();
    }

    @GET
    @Path("redirect")
    public Response redirect() {
        return Response.seeOther(URI.create("echo?from=redirect")).build();
    }

    @GET
    @Path("cookie")
    public Response cookie() {
        return Response.noContent()
                .cookie(new NewCookie.Builder("taste")
                        .value("sweet")
                        .httpOnly(true)
                        .build())
                .build();
    }

    @GET
    @Path("conflict")
    public String conflict(@QueryParam("calm") boolean calm) {
        if (!calm) {
            throw new OutOfStockException("moka pot");
        }
        return "calm";
    }

    @GET
    @Path("gone")
    public String gone(@QueryParam("calm") boolean calm) {
        if (!calm) {
            throw new WebApplicationException("sold out", Response.Status.GONE);
        }
        return "calm";
    }

    @GET
    @Path("boom")
    public String boom(@QueryParam("calm") boolean calm) {
        if (!calm) {
            throw new IllegalStateException("as planned");
        }
        return "calm";
    }

    @GET
    @Path("stream")
    @Produces(MediaType.TEXT_PLAIN)
    public StreamingOutput stream() {
        return out -> {
            for (int i = 0; i < 20; i++) {
                out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        };
    }
}
