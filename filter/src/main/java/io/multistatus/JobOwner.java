package io.multistatus;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.Base64;

/**
 * Whose a job is: the user's that the container has authenticated, else the session's, else of whoever knows its id. What is
 * remembered of them tells nothing.
 */
final class JobOwner {
    private static final String USER = "u:";
    private static final String SESSION = "s:";
    private static final String ANYBODY = "-";

    private JobOwner() {}

    /** Who posts a job. */
    static String of(HttpServletRequest request) {
        String user = user(request);
        if (!user.isEmpty()) {
            return user;
        }
        String session = session(request);
        return session.isEmpty() ? ANYBODY : session;
    }

    /** Whether a request comes from a job's owner. */
    static boolean matches(String owner, HttpServletRequest request) {
        return owner.equals(ANYBODY) || owner.equals(user(request)) || owner.equals(session(request));
    }

    private static String user(HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        return user == null ? "" : USER + digest(user.getName());
    }

    private static String session(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? "" : SESSION + digest(session.getId());
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
