package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** Who is logged in: a name in the session, as apps without a framework have it. */
final class Login {
    private static final String USER = "shop.user";

    private Login() {}

    /** The user of the request's session; null if there is none. */
    static @Nullable String user(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? null : (String) session.getAttribute(USER);
    }

    /** The user, where {@link LoginFilter} has seen to it that there is one; 401 all the same if it has not. */
    static String requiredUser(HttpServletRequest request) throws ProblemException {
        String user = user(request);
        if (user == null) {
            throw new ProblemException(unauthorized());
        }
        return user;
    }

    /** Logs in, with a new session id, so that nobody can have planted it. */
    static void begin(HttpServletRequest request, String user) {
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        request.getSession(true).setAttribute(USER, user);
    }

    /** Logs out; does nothing if nobody is logged in. */
    static void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    static Problem unauthorized() {
        return Problem.of(401, "Login required", "Log in first: POST /login with user and password");
    }
}
