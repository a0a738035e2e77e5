package io.multistatus.apps.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Answers that come from other threads, or not at all. */
@RestController
class AsyncController implements DisposableBean {
    private static final long SHORT_MILLIS = 100;

    private final ExecutorService others = Executors.newFixedThreadPool(4);

    @Override
    public void destroy() {
        others.shutdownNow();
    }

    @GetMapping("/public/async/deferred")
    DeferredResult<Map<String, Integer>> deferred() {
        DeferredResult<Map<String, Integer>> result = new DeferredResult<>();
        others.execute(() -> result.setResult(Map.of("n", 1)));
        return result;
    }

    @GetMapping("/public/async/deferred-timeout")
    DeferredResult<String> deferredTimeout() {
        return new DeferredResult<>(SHORT_MILLIS);
    }

    @GetMapping("/public/async/deferred-default")
    DeferredResult<String> deferredDefault() {
        return new DeferredResult<>(SHORT_MILLIS, "too late");
    }

    @GetMapping("/public/async/deferred-error")
    DeferredResult<String> deferredError() {
        DeferredResult<String> result = new DeferredResult<>();
        others.execute(() -> result.setErrorResult(new OutOfStockException("grinder")));
        return result;
    }

    @GetMapping("/public/async/deferred-boom")
    DeferredResult<String> deferredBoom() {
        DeferredResult<String> result = new DeferredResult<>();
        others.execute(() -> result.setErrorResult(new IllegalStateException("as planned, later")));
        return result;
    }

    @GetMapping({"/public/async/callable", "/api/async/callable"})
    Callable<String> callable() {
        return () -> SecurityContextHolder.getContext().getAuthentication().getName();
    }

    @GetMapping("/public/async/callable-throws")
    Callable<String> callableThrows() {
        return () -> {
            throw new OutOfStockException("kettle");
        };
    }

    @GetMapping("/public/async/callable-boom")
    Callable<String> callableBoom() {
        return () -> {
            throw new IOException("as planned, elsewhere");
        };
    }

    @GetMapping("/public/async/future")
    CompletableFuture<ResponseEntity<String>> future() {
        return CompletableFuture.supplyAsync(
                () -> ResponseEntity.status(202).header("X-Later", "yes").body("later"), others);
    }

    @GetMapping("/public/async/future-fails")
    CompletableFuture<String> futureFails() {
        return CompletableFuture.failedFuture(new OutOfStockException("filter"));
    }

    @GetMapping("/public/stream/body")
    ResponseEntity<StreamingResponseBody> stream() {
        return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(out -> {
            letTheFirstThreadLeave();
            for (int i = 0; i < 20; i++) {
                out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        });
    }

    @GetMapping("/public/stream/sse")
    SseEmitter events() {
        SseEmitter emitter = new SseEmitter();
        others.execute(() -> {
            letTheFirstThreadLeave();
            try {
                for (int i = 0; i < 3; i++) {
                    emitter.send(SseEmitter.event()
                            .id(String.valueOf(i))
                            .name("tick")
                            .data("n=" + i));
                }
                emitter.complete();
            } catch (IOException e) {
                emitter.completeWithError(e);
            }
        });
        return emitter;
    }

    @GetMapping("/public/stream/emitter")
    ResponseBodyEmitter emitter() {
        ResponseBodyEmitter emitter = new ResponseBodyEmitter();
        others.execute(() -> {
            letTheFirstThreadLeave();
            try {
                emitter.send("one ");
                emitter.send(Map.of("two", 2), MediaType.APPLICATION_JSON);
                emitter.complete();
            } catch (IOException e) {
                emitter.completeWithError(e);
            }
        });
        return emitter;
    }

    /**
     * Spring Security adds its fields when that has left and when the response is committed, whatever comes first; at the same
     * moment it does both, alone and in a batch.
     */
    private static void letTheFirstThreadLeave() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SHORT_MILLIS));
    }
}
