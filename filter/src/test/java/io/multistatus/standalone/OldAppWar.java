package io.multistatus.standalone;

import io.multistatus.standalone.app.FilterInitializer;
import io.multistatus.standalone.app.OldApp;
import io.multistatus.standalone.app.SeenFilter;
import io.multistatus.support.WebApps;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs WARs of an app of before, to which nothing was added but the jars. */
final class OldAppWar {
    static final String USER = "ada";
    static final String PASSWORD = "lovelace";
    static final String ROLE = "member";
    static final String REALM = "ApplicationRealm";

    /** Of Servlet 3.0, which every container still reads. */
    private static final String WEB_XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"%s>
              %s
              <filter>
                <filter-name>seen</filter-name>
                <filter-class>io.multistatus.standalone.app.SeenFilter</filter-class>
                <async-supported>true</async-supported>
              </filter>
              <filter-mapping><filter-name>seen</filter-name><url-pattern>/*</url-pattern></filter-mapping>
              <servlet>
                <servlet-name>app</servlet-name>
                <servlet-class>io.multistatus.standalone.app.OldApp</servlet-class>
                <async-supported>true</async-supported>
              </servlet>
              <servlet-mapping>
                <servlet-name>app</servlet-name>
                <url-pattern>/members/*</url-pattern>
                <url-pattern>/session</url-pattern>
                <url-pattern>/async</url-pattern>
                <url-pattern>/form</url-pattern>
                <url-pattern>/seen</url-pattern>
                <url-pattern>/fail</url-pattern>
                <url-pattern>/error</url-pattern>
              </servlet-mapping>
              <welcome-file-list><welcome-file>index.html</welcome-file></welcome-file-list>
              <error-page>
                <exception-type>java.lang.IllegalStateException</exception-type>
                <location>/error</location>
              </error-page>
              <error-page><error-code>404</error-code><location>/missing.html</location></error-page>
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>members</web-resource-name>
                  <url-pattern>/members/*</url-pattern>
                </web-resource-collection>
                <auth-constraint><role-name>member</role-name></auth-constraint>
              </security-constraint>
              <login-config><auth-method>BASIC</auth-method><realm-name>ApplicationRealm</realm-name></login-config>
              <security-role><role-name>member</role-name></security-role>
            </web-app>
            """;

    /** Of the other jar: a fragment that has no wish to be anywhere. */
    private static final String FRAGMENT = """
            <web-fragment xmlns="http://java.sun.com/xml/ns/javaee" version="3.0">
              <name>other</name>
              <filter>
                <filter-name>other</filter-name>
                <filter-class>io.multistatus.standalone.app.SeenFilter</filter-class>
                <async-supported>true</async-supported>
              </filter>
              <filter-mapping><filter-name>other</filter-name><url-pattern>/*</url-pattern></filter-mapping>
            </web-fragment>
            """;

    private final Path multistatusJar;
    private final Path classes;
    private final String servletApi;

    private OldAppWar(Path multistatusJar, Path classes, String servletApi) {
        this.multistatusJar = multistatusJar;
        this.classes = classes;
        this.servletApi = servletApi;
    }

    /** For Servlet 5 and later. */
    static OldAppWar jakarta() {
        return new OldAppWar(property("multistatus.jar"), property("test.classes"), "jakarta.servlet");
    }

    /** For Servlet 4. */
    static OldAppWar javax() {
        return new OldAppWar(property("multistatus.javax.jar"), property("javax.test.classes"), "javax.servlet");
    }

    private static Path property(String name) {
        return Path.of(System.getProperty(name));
    }

    /**
     * Packs it.
     *
     * @param more what else its {@code web.xml} has
     * @param folder an empty one, for what is packed
     * @param war where to
     */
    void pack(AppVariant variant, String more, Path folder, Path war) throws IOException, URISyntaxException {
        WebApps.withTheJarIn(folder, multistatusJar);
        Files.writeString(
                folder.resolve("WEB-INF/web.xml"), WEB_XML.formatted(variant.attributes(), more + variant.webXml()));
        copyClass(OldApp.class, folder.resolve("WEB-INF/classes"));
        copyClass(SeenFilter.class, folder.resolve("WEB-INF/classes"));
        Files.writeString(folder.resolve("digits.txt"), "0123456789".repeat(50));
        Files.writeString(folder.resolve("missing.html"), "<p>It is not here.</p>");
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/index.html"), "<p>Welcome.</p>");
        if (variant.hasAnotherJar()) {
            Path other = Files.createDirectories(folder.resolveSibling(variant.path() + "-other"));
            Path services = Files.createDirectories(other.resolve("META-INF/services"));
            Files.writeString(other.resolve("META-INF/web-fragment.xml"), FRAGMENT);
            Files.writeString(
                    services.resolve(servletApi + ".ServletContainerInitializer"), FilterInitializer.class.getName());
            copyClass(FilterInitializer.class, other);
            zip(other, folder.resolve("WEB-INF/lib/other.jar"));
        }
        zip(folder, war);
    }

    private void copyClass(Class<?> part, Path to) throws IOException {
        String name = part.getName().replace('.', '/') + ".class";
        Files.createDirectories(to.resolve(name).getParent());
        Files.copy(classes.resolve(name), to.resolve(name));
    }

    private static void zip(Path folder, Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.walk(folder)) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }
}
