package io.multistatus.standalone;

import java.util.Locale;

/**
 * The app as most have it, and in other arrangements of the filters that its own {@code web.xml}, the filter's fragment and
 * another jar bring.
 */
enum AppVariant {
    /** Its {@code web.xml} has one filter, {@code seen}. */
    SHOP("", "", false),
    /** The same, with the batch filter mapped first. */
    MAPPED_FIRST("", AppVariant.REGISTERED, false),
    /** The fragment is not read, and nobody else registers the filter. */
    COMPLETE(" metadata-complete=\"true\"", "", false),
    /** The fragment is not read, but the filter is in {@code web.xml}. */
    COMPLETE_AND_REGISTERED(" metadata-complete=\"true\"", AppVariant.REGISTERED, false),
    /** The fragment is not among those that are ordered. */
    LEFT_OUT("", "<absolute-ordering/>", false),
    /** Beside another jar, which has a fragment with a filter {@code other}, and an initializer that adds two more. */
    WITH_ANOTHER_JAR("", "", true),
    /** The same, with the other jar's fragment ahead. */
    BEHIND_ANOTHER_JAR("", "<absolute-ordering><others/><name>multistatus</name></absolute-ordering>", true);

    private static final String REGISTERED = """
            <filter>
              <filter-name>multistatus</filter-name>
              <filter-class>io.multistatus.BatchFilter</filter-class>
              <async-supported>true</async-supported>
            </filter>
            <filter-mapping><filter-name>multistatus</filter-name><url-pattern>/*</url-pattern></filter-mapping>
            """;

    private final String attributes;
    private final String webXml;
    private final boolean anotherJar;

    AppVariant(String attributes, String webXml, boolean anotherJar) {
        this.attributes = attributes;
        this.webXml = webXml;
        this.anotherJar = anotherJar;
    }

    /** The name of its WAR, and its context path without the slash. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the root element of its {@code web.xml} says. */
    String attributes() {
        return attributes;
    }

    /** What its {@code web.xml} has before anything else. */
    String webXml() {
        return webXml;
    }

    boolean hasAnotherJar() {
        return anotherJar;
    }
}
