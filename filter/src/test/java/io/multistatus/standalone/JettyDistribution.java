package io.multistatus.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Jetty, as {@code java -jar start.jar} starts it, with what the README says to write beside the WAR. */
final class JettyDistribution implements Distribution {
    private static final Pattern STARTED = Pattern.compile("Started .*ServerConnector@.*\\{127\\.0\\.0\\.1:(\\d+)}");

    private static final String USERS_XML = """
            <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
            <Configure id="Server" class="org.eclipse.jetty.server.Server">
              <Call name="addBean"><Arg>
                <New class="org.eclipse.jetty.security.HashLoginService">
                  <Set name="name">%s</Set>
                  <Set name="userStore">
                    <New class="org.eclipse.jetty.security.UserStore">
                      <Call name="addUser">
                        <Arg>%s</Arg>
                        <Arg>
                          <Call class="org.eclipse.jetty.util.security.Credential" name="getCredential">
                            <Arg>%s</Arg>
                          </Call>
                        </Arg>
                        <Arg><Array type="String"><Item>%s</Item></Array></Arg>
                      </Call>
                    </New>
                  </Set>
                </New>
              </Arg></Call>
            </Configure>
            """;

    private final String contextXml;

    /** With that for the context file of the app at {@code /shop}, and the same for the others. */
    JettyDistribution(String contextXml) {
        this.contextXml = contextXml;
    }

    @Override
    public Running start(Path home, List<Path> wars, Path base) throws Exception {
        Files.writeString(
                Files.createDirectories(base.resolve("etc")).resolve("users.xml"),
                USERS_XML.formatted(OldAppWar.REALM, OldAppWar.USER, OldAppWar.PASSWORD, OldAppWar.ROLE));
        Files.createDirectories(base.resolve("logs"));
        Path temp = Files.createDirectories(base.resolve("temp"));
        Path webapps = Files.createDirectories(base.resolve("webapps"));
        for (Path war : wars) {
            String file = war.getFileName().toString();
            String name = file.substring(0, file.length() - ".war".length());
            Files.copy(war, webapps.resolve(file));
            Files.writeString(webapps.resolve(name + ".xml"), contextXml.replace("/shop", "/" + name));
        }
        ServerProcess process = ServerProcess.java(
                base,
                List.of(
                        "-Djava.io.tmpdir=" + temp,
                        "-jar",
                        home.resolve("start.jar").toString(),
                        "jetty.home=" + home,
                        "jetty.base=" + base,
                        // Before the module of an environment, of which they would be otherwise.
                        "jetty.http.host=127.0.0.1",
                        "jetty.http.port=0",
                        "etc/users.xml",
                        "--module=http,requestlog,ee10-deploy,ee10-annotations"));
        return Running.of(process, STARTED, base.resolve("logs"), "");
    }
}
