package io.multistatus.apps.spring;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** One for each session. */
@Component
@SessionScope
class Basket {
    private final AtomicInteger things = new AtomicInteger();

    int add() {
        return things.incrementAndGet();
    }

    int size() {
        return things.get();
    }
}
