package io.multistatus.demo.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What came back for one request.
 *
 * @param status the HTTP status
 * @param body the body's bytes
 */
record Answer(int status, ByteBuffer body) {

    String text() {
        return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
    }

    /** What to throw if this is not what it should be. */
    IOException unlike(String expected) {
        String text = text();
        return new IOException("A wrong answer: expected " + expected + ", but got " + status + " "
                + text.substring(0, Math.min(2000, text.length())));
    }
}
