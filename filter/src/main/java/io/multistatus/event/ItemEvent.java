package io.multistatus.event;

import io.multistatus.model.Subrequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An item, as listeners see it. All of its URL but the path, and its headers, may hold credentials: they do not belong
 * in logs.
 *
 * @param batch the batch it belongs to
 * @param request the item as its client wrote it
 * @param target where it goes, as it will be sent: a path from the host's root, and a query if it has one; empty for those who
 *     are told of its end. Spelled as its client likes: whoever decides by it compares
 *     {@link io.multistatus.wire.CanonicalPath} of its path
 */
public record ItemEvent(BatchEvent batch, Subrequest request, String target) {

    /** An item of which nobody has to know where it goes. */
    public ItemEvent(BatchEvent batch, Subrequest request) {
        this(batch, request, "");
    }

    /** Also finds the host where it is misspelled, since a password is one all the same. */
    private static final Pattern PATH = Pattern.compile("(?:\\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\\\]*[^/?#]*)?([^?#]*)");

    /** What would be a user and a password if a host followed; {@code @} alone is of many a path. */
    private static final Pattern USER =
            Pattern.compile("^(\\s*[/\\\\]{2,})[^/\\\\]*@|^(\\s*[/\\\\]?)[^/\\\\:]*:[^/\\\\]*@");

    /**
     * The path of its URL as written: without scheme, user information, host, query and fragment. Empty where the URL
     * has no path.
     */
    public String path() {
        Matcher parts = PATH.matcher(request.url());
        return parts.lookingAt() ? USER.matcher(parts.group(1)).replaceFirst("$1$2") : "";
    }
}
