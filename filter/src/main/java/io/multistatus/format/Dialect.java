package io.multistatus.format;

/** What clients of an endpoint expect an answer to say. */
public enum Dialect {
    /** Of this project: 207, with messages and a summary. */
    NATIVE,
    /**
     * Of OData 4.01 (Part 1, section 11.7; JSON Format, section 19) and of Microsoft Graph: what these define, and nothing
     * else.
     */
    ODATA
}
