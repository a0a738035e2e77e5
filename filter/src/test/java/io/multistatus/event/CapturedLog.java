package io.multistatus.event;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged to standard error, where slf4j-simple writes, while this is open; lines of other loggers left out. */
public final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public CapturedLog() {
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    /** All that was written, split at what any reader of a log may take for the end of a line. */
    public List<String> lines(String logger) {
        return bytes.toString(StandardCharsets.UTF_8)
                .replaceAll("\\R$", "")
                .lines()
                .filter(line -> line.contains(" " + logger + " "))
                .toList();
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
