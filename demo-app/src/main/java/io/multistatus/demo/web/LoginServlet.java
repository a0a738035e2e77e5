package io.multistatus.demo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /login} with {@code user} and {@code password}, as a form or as JSON. */
final class LoginServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final Map<String, String> PASSWORDS = Map.of("demo", "demo", "ada", "ada");

    @Override
    List<String> methods(List<String> segments) {
        return WRITE;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException, IOException {
        String user;
        String password;
        if (isForm(request.getContentType())) {
            user = formField(request, "user");
            password = formField(request, "password");
        } else {
            Fields fields = Json.read(request);
            user = fields.text("user", 80);
            password = fields.text("password", 80);
            fields.check();
        }
        if (!password.equals(PASSWORDS.get(user))) {
            throw new ProblemException(
                    Problem.of(401, "Login failed", "There is no user '" + user + "' with that password"));
        }
        Login.begin(request, user);
        Json.write(response, HttpServletResponse.SC_OK, Map.of("user", user));
    }

    private static boolean isForm(@Nullable String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
    }

    private static String formField(HttpServletRequest request, String name) throws ProblemException {
        String value = request.getParameter(name);
        if (value == null) {
            throw ProblemException.invalid(name, "is missing");
        }
        return value;
    }
}
