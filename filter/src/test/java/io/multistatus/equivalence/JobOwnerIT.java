package io.multistatus.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.support.Envelopes;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose a job is. */
@Tag("container")
@Tag("jobs")
class JobOwnerIT extends JobContract {
    private static final String QUICK = Envelopes.gets("/app/quick");

    /** Believes who says that he is somebody. */
    private static final class Users implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String name = ((HttpServletRequest) request).getHeader("X-User");
            Principal user = name == null ? null : () -> name;
            chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public Principal getUserPrincipal() {
                            return user;
                        }
                    },
                    response);
        }
    }

    private void assertNotFound(String location, String... fields) throws Exception {
        for (HttpResponse<String> response :
                List.of(get(location, fields), get(location + "/failed", fields), delete(location, fields))) {
            assertProblem(response, 404, "no-such-job");
            // As if there were none.
            String none = "/app/batch/jobs/" + "0".repeat(32);
            assertThat(response.body().replaceAll("[0-9a-f]{32}", ""))
                    .isEqualTo(get(none, fields).body().replaceAll("[0-9a-f]{32}", ""));
        }
    }

    @Test
    void aUsersJobIsOfNobodyElse() throws Exception {
        startJobs(jobs -> {}, new Users());
        String location = accepted(QUICK, "X-User", "ada");
        assertNotFound(location);
        assertNotFound(location, "X-User", "bob");
        assertThat(get(location, "X-User", "ada").statusCode()).isIn(202, 207);
        assertThat(delete(location, "X-User", "ada").statusCode()).isIn(200, 202, 204);
    }

    @Test
    void aSessionsJobIsOfNoOtherSession() throws Exception {
        handlers.put("login", (request, response) -> request.getSession(true));
        startJobs(jobs -> {});
        String mine = cookie(get("/app/login"));
        String other = cookie(get("/app/login"));
        String location = accepted(QUICK, "Cookie", mine);
        assertNotFound(location);
        assertNotFound(location, "Cookie", other);
        assertThat(get(location, "Cookie", mine).statusCode()).isIn(202, 207);
    }

    private static String cookie(HttpResponse<String> response) {
        String cookie = response.headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    @Test
    void nobodysJobIsOfWhoeverKnowsItsId() throws Exception {
        startJobs(jobs -> {}, new Users());
        String location = accepted(QUICK);
        assertThat(get(location, "X-User", "bob").statusCode()).isIn(202, 207);
        assertThat(accepted(QUICK)).isNotEqualTo(location);
    }
}
