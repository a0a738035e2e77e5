package io.multistatus.demo;

import io.multistatus.demo.web.ShopApp;
import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import java.security.Principal;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Undertow's users: admin, whose password is as well known. */
final class OneAdministrator implements IdentityManager {
    private static final String NAME = "admin";
    private static final Account ADMIN = new Administrator(() -> NAME, Set.of(ShopApp.ADMIN_ROLE));

    @Override
    public Account verify(Account account) {
        return account;
    }

    @Override
    public @Nullable Account verify(String id, Credential credential) {
        boolean isAdmin = id.equals(NAME)
                && credential instanceof PasswordCredential password
                && Arrays.equals(password.getPassword(), NAME.toCharArray());
        return isAdmin ? ADMIN : null;
    }

    @Override
    public @Nullable Account verify(Credential credential) {
        return null;
    }

    private record Administrator(Principal principal, Set<String> roles) implements Account {
        @Override
        public Principal getPrincipal() {
            return principal;
        }

        @Override
        public Set<String> getRoles() {
            return roles;
        }
    }
}
