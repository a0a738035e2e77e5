package io.multistatus;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/**
 * What the answer to a batch says beside the answers to its items.
 *
 * @param status the status of the whole: 207 or 200
 * @param summarised whether it says how many items have succeeded
 * @param appliedPreferences as {@code Preference-Applied} says them
 * @param atomicityWaived whether a group ran without the transaction that would undo it
 * @param maxHeaderBytes how long the header may be as a whole
 */
record EnvelopeHead(
        int status, boolean summarised, List<String> appliedPreferences, boolean atomicityWaived, int maxHeaderBytes) {

    /** For {@code maxHeaderBytes}, where the items' cookies are not set. */
    static final int NO_ROOM_FOR_COOKIES = 0;

    /** Sets status and headers, as far as they are known before the items' answers are. */
    void write(String contentType, HttpServletResponse response) {
        response.setStatus(status);
        response.setContentType(contentType);
        response.setHeader("Cache-Control", "no-store");
        response.addHeader("Vary", "Prefer, Accept, User-Agent");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (!appliedPreferences.isEmpty()) {
            response.setHeader("Preference-Applied", String.join(", ", appliedPreferences));
        }
        if (atomicityWaived) {
            response.setHeader("Batch-Atomicity", "none");
        }
    }
}
