package io.multistatus.apps.spring;

import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.RequestScope;

/** One for each request. */
@Component
@RequestScope
class Visit {
    private int calls;

    int call() {
        calls++;
        return calls;
    }
}
