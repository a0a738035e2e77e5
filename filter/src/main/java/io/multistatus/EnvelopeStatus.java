package io.multistatus;

import io.multistatus.format.Dialect;
import io.multistatus.model.Headers;
import io.multistatus.wire.Preferences;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a client gets 207 or the 200 that stands in for it. Immutable. */
final class EnvelopeStatus {
    static final int MULTI_STATUS = 207;
    static final int FALLBACK = 200;
    static final String PREFERENCE = "multi-status";

    private static final Pattern VIA_HTTP_1_0 = Pattern.compile("\\s*(?i:HTTP/)?1\\.0(?:\\s.*)?");
    private static final Pattern IN_QUERY = Pattern.compile("(.*&)?multi-status=200(&.*)?");

    private final boolean odata;
    private final int odataStatus;
    private final MultiStatus multiStatus;
    private final @Nullable Pattern status200UserAgents;

    EnvelopeStatus(BatchConfig config, Dialect dialect) {
        this.odata = dialect == Dialect.ODATA;
        this.odataStatus = config.odataStatus();
        this.multiStatus = config.multiStatus();
        this.status200UserAgents = config.status200UserAgents().orElse(null);
    }

    /** The status for an answer to {@code request}. */
    int of(HttpServletRequest request, Headers headers, Preferences preferences) {
        if (odata) {
            return odataStatus;
        }
        boolean fallback = multiStatus == MultiStatus.NEVER
                || (multiStatus == MultiStatus.AUTO && (isPreferred(preferences) || cannotTake207(request, headers)));
        return fallback ? FALLBACK : MULTI_STATUS;
    }

    /** Whether the client asked for 200 by a preference, and is heard. */
    boolean isApplied(Preferences preferences) {
        return !odata && multiStatus != MultiStatus.ALWAYS && isPreferred(preferences);
    }

    private static boolean isPreferred(Preferences preferences) {
        return preferences.get(PREFERENCE).equals(Optional.of("200"));
    }

    private boolean cannotTake207(HttpServletRequest request, Headers headers) {
        String query = request.getQueryString();
        List<String> via = headers.all("Via");
        return (query != null && IN_QUERY.matcher(query).matches())
                || "HTTP/1.0".equals(request.getProtocol())
                || (!via.isEmpty() && VIA_HTTP_1_0.matcher(via.get(0)).matches())
                || (status200UserAgents != null
                        && headers.all("User-Agent").stream()
                                .anyMatch(agent ->
                                        status200UserAgents.matcher(agent).find()));
    }
}
