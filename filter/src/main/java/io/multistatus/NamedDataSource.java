package io.multistatus;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** A database that the deployer has given a name. */
final class NamedDataSource {
    private NamedDataSource() {}

    /**
     * The one that is called so in JNDI.
     *
     * @throws IllegalArgumentException if there is none; says what is allowed
     */
    @SuppressWarnings("BanJNDI") // the name is the deployer's
    static DataSource lookUp(String name) {
        try {
            Object found = new InitialContext().lookup(name);
            if (found instanceof DataSource looked) {
                return looked;
            }
            throw new IllegalArgumentException("the name in JNDI of a javax.sql.DataSource is allowed, not of a "
                    + (found == null ? "null" : found.getClass().getName()));
        } catch (NamingException e) {
            throw new IllegalArgumentException("the name in JNDI of a javax.sql.DataSource is allowed: " + e, e);
        }
    }
}
