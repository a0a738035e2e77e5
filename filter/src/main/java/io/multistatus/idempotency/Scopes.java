package io.multistatus.idempotency;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.MessageDigest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;

/**
 * For whom a key is one: the user that the container has authenticated, else whoever has the same credentials. So nobody is
 * given an answer that was meant for somebody else. Immutable.
 */
public final class Scopes {
    private final List<String> credentialFields;

    /** @param credentialFields the fields of a request that say who sends it, where the container does not know */
    public Scopes(List<String> credentialFields) {
        this.credentialFields = List.copyOf(credentialFields);
    }

    /** The scope of a request's key: 45 characters of ASCII that tell nothing of the user. */
    String of(HttpServletRequest request) {
        MessageDigest digest = Digests.newSha256();
        Principal user = request.getUserPrincipal();
        if (user != null) {
            Digests.update(digest, user.getName());
            return "u:" + Digests.text(digest.digest());
        }
        for (String field : credentialFields) {
            for (String value : Collections.list(request.getHeaders(field))) {
                Digests.update(digest, field);
                Digests.update(digest, value);
            }
        }
        HttpSession session = request.getSession(false);
        if (session != null) {
            Digests.update(digest, session.getId());
        }
        return "c:" + Digests.text(digest.digest());
    }
}
