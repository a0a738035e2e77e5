package io.multistatus.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jetty 12.1 from its archive, with the context file as the README has it. */
class JettyDropInIT extends DropInContract {
    private static final Path README = Path.of(System.getProperty("basedir", ""), "..", "README.md");
    private static final Pattern CONTEXT_XML = Pattern.compile("```xml\\R(<!DOCTYPE Configure .*?)```", Pattern.DOTALL);

    JettyDropInIT() {
        super("jetty", new JettyDistribution(contextXml()), OldAppWar.jakarta());
    }

    private static String contextXml() {
        try {
            Matcher xml = CONTEXT_XML.matcher(Files.readString(README));
            if (!xml.find()) {
                throw new AssertionError("the README has no context file");
            }
            return xml.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
