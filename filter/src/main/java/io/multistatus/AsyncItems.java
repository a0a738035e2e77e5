package io.multistatus;

import io.multistatus.dispatch.OuterFacts;
import io.multistatus.execution.CurrentItem;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The items that are asynchronous, by their requests: a later dispatch of the same request is for the same item. Containers use
 * the object that stands for a request again once it is over, maybe for one that is no item. Thread-safe.
 */
final class AsyncItems {
    private final Map<Object, Supplier<CurrentItem>> items = Collections.synchronizedMap(new WeakHashMap<>());

    /** An async dispatch begins on this thread, of an item or not. */
    @Nullable
    CurrentItem enter(ServletRequest request) {
        if (request.getDispatcherType() != DispatcherType.ASYNC || !(request instanceof HttpServletRequest http)) {
            return null;
        }
        Supplier<CurrentItem> item = items.get(OuterFacts.innermost(http));
        return item == null ? null : item.get();
    }

    /** This thread leaves a request that has become asynchronous, of an item or not. */
    void left(ServletRequest request) {
        if (request instanceof HttpServletRequest http) {
            Object innermost = OuterFacts.innermost(http);
            Optional<CurrentItem> item = CurrentItem.ofThread();
            item.ifPresentOrElse(known -> items.put(innermost, known.toEnterAgain()), () -> items.remove(innermost));
        }
    }
}
