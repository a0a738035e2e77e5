package io.multistatus.apps.jersey;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Answers of other threads, or of none. */
@Path("async")
@Produces(MediaType.APPLICATION_JSON)
public final class AsyncResources {
    private static final Executor OTHERS = task -> {
        Thread thread = new Thread(task, "other");
        thread.setDaemon(true);
        thread.start();
    };
    private static final long SHORT_MILLIS = 100;

    @GET
    @Path("resume")
    public void resume(@Suspended AsyncResponse response) {
        OTHERS.execute(() -> response.resume(Map.of("n", 1)));
    }

    @GET
    @Path("at-once")
    public void atOnce(@Suspended AsyncResponse response) {
        response.resume(Response.accepted(Map.of("n", 2)).build());
    }

    @GET
    @Path("fails")
    public void fails(@Suspended AsyncResponse response) {
        OTHERS.execute(() -> response.resume(new OutOfStockException("grinder")));
    }

    @GET
    @Path("timeout")
    public void timeout(@Suspended AsyncResponse response) {
        response.setTimeout(SHORT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @GET
    @Path("timeout-handled")
    public void timeoutHandled(@Suspended AsyncResponse response) {
        response.setTimeout(SHORT_MILLIS, TimeUnit.MILLISECONDS);
        response.setTimeoutHandler(late -> late.resume(Map.of("late", true)));
    }

    @GET
    @Path("cancel")
    public void cancel(@Suspended AsyncResponse response) {
        OTHERS.execute(() -> response.cancel(7));
    }

    @GET
    @Path("stage")
    public CompletionStage<Map<String, Integer>> stage() {
        return CompletableFuture.supplyAsync(() -> Map.of("n", 3), OTHERS);
    }

    @GET
    @Path("stage-fails")
    public CompletionStage<String> stageFails() {
        return CompletableFuture.supplyAsync(
                () -> {
                    throw new OutOfStockException("kettle");
                },
                OTHERS);
    }
}
