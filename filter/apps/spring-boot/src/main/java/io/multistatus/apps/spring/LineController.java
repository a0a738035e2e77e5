package io.multistatus.apps.spring;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Adds lines, and fails in the ways that handlers with transactions do. */
@RestController
@RequestMapping("/public/lines")
class LineController {
    private final Lines lines;

    LineController(Lines lines) {
        this.lines = lines;
    }

    @GetMapping
    int count() {
        return lines.count();
    }

    /** What a handler finds that has begun no transaction; by any method. */
    @RequestMapping("/transaction")
    String transaction() {
        return String.valueOf(TransactionSynchronizationManager.getCurrentTransactionName());
    }

    @PostMapping("/{text}")
    ResponseEntity<String> add(@PathVariable String text, @RequestParam(defaultValue = "") String then)
            throws InterruptedException {
        switch (then) {
            case "throw" -> lines.addAndFail(text);
            case "swallow" -> swallow(text);
            case "refuse" -> lines.addAndRefuse(text);
            case "apart" -> lines.addApart(text);
            case "in-time" -> lines.addInTime(text);
            case "hang" -> {
                lines.addAndHang(text);
                lines.add(text + " again");
            }
            default -> lines.add(text);
        }
        return ResponseEntity.status(then.equals("conflict") ? HttpStatus.CONFLICT : HttpStatus.CREATED)
                .body(text);
    }

    private void swallow(String text) {
        try {
            lines.addAndFail(text);
        } catch (IllegalStateException e) {
            // Nobody is told.
        }
    }

    @PostMapping("/{text}/callable")
    Callable<String> addLater(@PathVariable String text) {
        lines.add(text);
        return () -> text;
    }

    @PostMapping("/{text}/deferred")
    DeferredResult<String> addDeferred(@PathVariable String text) {
        lines.add(text);
        return new DeferredResult<>();
    }

    @PostMapping("/{text}/future")
    CompletableFuture<String> addInFuture(@PathVariable String text) {
        lines.add(text);
        return CompletableFuture.supplyAsync(() -> text);
    }
}
