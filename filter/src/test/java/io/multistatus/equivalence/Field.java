package io.multistatus.equivalence;

import java.util.Locale;

/** A header field as it stands in a message. */
public record Field(String name, String value) {

    /** Whether it has that name, in whatever case. */
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }

    /** Its name in lower case. */
    public String key() {
        return name.toLowerCase(Locale.ROOT);
    }
}
