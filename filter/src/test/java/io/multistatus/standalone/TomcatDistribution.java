package io.multistatus.standalone;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Tomcat, as {@code bin/catalina.sh run} starts it. */
final class TomcatDistribution implements Distribution {
    private static final Pattern STARTED = Pattern.compile("Starting ProtocolHandler \\[\"http-nio-.*-(\\d+)\"]");

    private static final String SERVER_XML = """
            <Server port="-1">
              <Service name="Catalina">
                <Connector port="0" address="127.0.0.1" protocol="HTTP/1.1"/>
                <Engine name="Catalina" defaultHost="localhost">
                  <Realm className="org.apache.catalina.realm.MemoryRealm"/>
                  <Host name="localhost" appBase="webapps">
                    <Valve className="org.apache.catalina.valves.AccessLogValve" prefix="access" buffered="false"
                           pattern="%r %s"/>
                  </Host>
                </Engine>
              </Service>
            </Server>
            """;

    @Override
    public Running start(Path home, List<Path> wars, Path base) throws Exception {
        Path conf = Files.createDirectories(base.resolve("conf"));
        Files.copy(home.resolve("conf/web.xml"), conf.resolve("web.xml"));
        Files.writeString(conf.resolve("server.xml"), SERVER_XML);
        Files.writeString(
                conf.resolve("tomcat-users.xml"),
                "<tomcat-users><user name='%s' password='%s' roles='%s'/></tomcat-users>"
                        .formatted(OldAppWar.USER, OldAppWar.PASSWORD, OldAppWar.ROLE));
        Files.createDirectories(base.resolve("logs"));
        Files.createDirectories(base.resolve("temp"));
        Path webapps = Files.createDirectories(base.resolve("webapps"));
        for (Path war : wars) {
            Files.copy(war, webapps.resolve(war.getFileName()));
        }
        ServerProcess process = ServerProcess.java(
                base,
                List.of(
                        "-Dcatalina.home=" + home,
                        "-Dcatalina.base=" + base,
                        "-Djava.io.tmpdir=" + base.resolve("temp"),
                        "-classpath",
                        home.resolve("bin/bootstrap.jar") + File.pathSeparator + home.resolve("bin/tomcat-juli.jar"),
                        "org.apache.catalina.startup.Bootstrap",
                        "start"));
        return Running.of(process, STARTED, base.resolve("logs"), "access");
    }
}
