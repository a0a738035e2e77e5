package io.multistatus.apps.spring;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Logins by form and by BASIC, CSRF tokens in the session, methods that ask for a role. */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
class SecuritySetup {
    static final int USERS = 8;

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(
                        requests -> requests.requestMatchers("/public/**", "/csrf", "/error", "/static.txt")
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .formLogin(form -> form.successHandler(
                                (request, response, user) -> response.setStatus(HttpServletResponse.SC_NO_CONTENT))
                        .failureHandler((request, response, failure) ->
                                response.sendError(HttpServletResponse.SC_UNAUTHORIZED)))
                .httpBasic(Customizer.withDefaults())
                .csrf(csrf -> csrf.ignoringRequestMatchers("/public/**"))
                .build();
    }

    /** {@code user0} and so on with the role USER, {@code root} with ADMIN; passwords are the names. */
    @Bean
    UserDetailsService users() {
        List<UserDetails> users = new ArrayList<>();
        users.add(user("root", "ADMIN"));
        for (int i = 0; i < USERS; i++) {
            users.add(user("user" + i, "USER"));
        }
        return new InMemoryUserDetailsManager(users);
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name).password("{noop}" + name).roles(role).build();
    }
}
