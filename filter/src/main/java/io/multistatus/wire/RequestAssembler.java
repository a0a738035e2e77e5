package io.multistatus.wire;

import io.multistatus.model.Headers;
import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;
import io.multistatus.model.WireRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of an item what would have come over the wire had its client sent it alone. One per batch; immutable and
 * thread-safe.
 */
public final class RequestAssembler {
    /** A client that has no body to send with these says so (RFC 9110, section 8.6). */
    private static final Set<String> EXPECT_A_BODY = Set.of("POST", "PUT", "PATCH");

    private final OuterRequest outer;
    private final TargetRules targets;
    private final HeaderRules headers;
    private final Headers inherited;
    /** Their names in lower case, in the same order. */
    private final List<String> inheritedNames = new ArrayList<>();

    /** For the items of the batch that came with {@code outer}. */
    public RequestAssembler(OuterRequest outer, TargetRules targets, HeaderRules headers) {
        this.outer = outer;
        this.targets = targets;
        this.headers = headers;
        this.inherited = headers.inheritable(outer.headers());
        inherited.forEach((name, value) -> inheritedNames.add(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The item as it goes to the host.
     *
     * @throws RefusedRequestException if it is malformed, or sets or goes to what it may not
     */
    public WireRequest assemble(Subrequest item) throws RefusedRequestException {
        Problem fault = item.fault();
        if (fault != null) {
            throw new RefusedRequestException(fault);
        }
        String target;
        try {
            Optional<Problem> refusal = headers.refusal(item.headers(), outer.host());
            if (refusal.isPresent()) {
                throw new RefusedRequestException(refusal.get());
            }
            target = targets.resolve(item.url(), outer);
            targets.check(item.method(), target, outer);
        } catch (RefusedRequestException e) {
            Problem problem = e.problem();
            throw new RefusedRequestException(problem.detail("Item '" + item.label() + "': " + problem.detail()));
        }
        return new WireRequest(item.method(), target, merged(item), item.body());
    }

    /** Half of a trace context is none (W3C Trace Context, section 3.3). */
    private static boolean isOfAnotherTrace(String name, Set<String> ownNames) {
        return name.equals("tracestate") && ownNames.contains("traceparent");
    }

    private Headers merged(Subrequest item) {
        Headers own = item.headers();
        Headers.Builder merged = Headers.builder().add("Host", outer.host());
        for (int i = 0; i < own.size(); i++) {
            // Items are not compressed: the outer response is, if the container is set up so.
            if (!own.name(i).equalsIgnoreCase("Accept-Encoding") && !own.name(i).equalsIgnoreCase("Host")) {
                merged.add(own.name(i), own.value(i));
            }
        }
        Set<String> ownNames = own.size() == 0 ? Set.of() : own.names();
        for (int i = 0; i < inherited.size(); i++) {
            if (!ownNames.contains(inheritedNames.get(i)) && !isOfAnotherTrace(inheritedNames.get(i), ownNames)) {
                merged.add(inherited.name(i), inherited.value(i));
            }
        }
        @Nullable ByteBuffer body = item.body();
        if (body != null) {
            merged.add("Content-Length", Integer.toString(body.remaining()));
        } else if (EXPECT_A_BODY.contains(item.method())) {
            merged.add("Content-Length", "0");
        }
        return merged.build();
    }
}
