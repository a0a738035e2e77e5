package io.multistatus.equivalence;

import io.multistatus.equivalence.app.HostApp;
import io.undertow.security.idm.Account;
import io.undertow.security.idm.Credential;
import io.undertow.security.idm.IdentityManager;
import io.undertow.security.idm.PasswordCredential;
import java.security.Principal;
import java.util.Arrays;
import java.util.Set;

/** Undertow's users: the one that HostApp speaks of. */
final class OneUser implements IdentityManager {
    private static final Account JOE = new JoesAccount(() -> HostApp.USER, Set.of(HostApp.ROLE));

    @Override
    public Account verify(Account account) {
        return account;
    }

    @Override
    public Account verify(String id, Credential credential) {
        return id.equals(HostApp.USER)
                        && credential instanceof PasswordCredential password
                        && Arrays.equals(password.getPassword(), HostApp.PASSWORD.toCharArray())
                ? JOE
                : null;
    }

    @Override
    public Account verify(Credential credential) {
        return null;
    }

    private record JoesAccount(Principal principal, Set<String> roles) implements Account {
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
