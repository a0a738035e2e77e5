package io.multistatus;

/** When the status of an envelope is 207 (Multi-Status, RFC 4918, section 11.1) and when it falls back to 200. */
public enum MultiStatus {
    /** 207, except for clients that ask for 200 or are known not to take 207. */
    AUTO,
    /** 207, whatever the client says. */
    ALWAYS,
    /** 200, whatever the client says. */
    NEVER
}
