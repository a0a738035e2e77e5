package io.multistatus.standalone;

import io.multistatus.standalone.app.OldApp;
import io.multistatus.standalone.app.SeenFilter;
import io.multistatus.support.WebApps;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs the WAR of an app of before, to which nothing was added but the jars. */
final class OldAppWar {
    static final String USER = "ada";
    static final String PASSWORD = "lovelace";
    static final String ROLE = "member";
    static final String REALM = "ApplicationRealm";

    /** Of Servlet 3.0, which every container still reads. */
    private static final String WEB_XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0">
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

    private OldAppWar() {}

    /**
     * Packs it.
     *
     * @param jar the filter's
     * @param classes where the app's are, by the same Servlet API
     * @param more what else its {@code web.xml} has
     * @param scratch an empty folder
     * @param war where to
     */
    static void pack(Path jar, Path classes, String more, Path scratch, Path war)
            throws IOException, URISyntaxException {
        WebApps.withTheJarIn(scratch, jar);
        Files.writeString(scratch.resolve("WEB-INF/web.xml"), WEB_XML.formatted(more));
        for (Class<?> part : List.of(OldApp.class, SeenFilter.class)) {
            String name = part.getName().replace('.', '/') + ".class";
            Path to = scratch.resolve("WEB-INF/classes").resolve(name);
            Files.createDirectories(to.getParent());
            Files.copy(classes.resolve(name), to);
        }
        Files.writeString(scratch.resolve("digits.txt"), "0123456789".repeat(50));
        Files.writeString(scratch.resolve("missing.html"), "<p>It is not here.</p>");
        Files.createDirectories(scratch.resolve("docs"));
        Files.writeString(scratch.resolve("docs/index.html"), "<p>Welcome.</p>");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war));
                Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(
                        new ZipEntry(scratch.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }
}
