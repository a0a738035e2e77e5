package io.multistatus.standalone;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** WildFly, as {@code bin/standalone.sh} starts it, with its own standalone.xml. */
final class WildFlyDistribution implements Distribution {
    private static final Pattern STARTED = Pattern.compile(
            "WFLYUT0006: [^\\n]* default listening on 127\\.0\\.0\\.1:(\\d+).*WFLYSRV002[56]: ", Pattern.DOTALL);

    @Override
    public Running start(Path home, List<Path> wars, Path base) throws Exception {
        Path configuration = Files.createDirectories(base.resolve("configuration"));
        try (Stream<Path> files = Files.list(home.resolve("standalone/configuration"))) {
            for (Path file : files.toList()) {
                Files.copy(file, configuration.resolve(file.getFileName().toString()));
            }
        }
        Path xml = configuration.resolve("standalone.xml");
        String host = "<host name=\"default-host\" alias=\"localhost\">";
        String before = Files.readString(xml);
        Files.writeString(xml, before.replace(host, host + "<access-log pattern=\"%r %s\" prefix=\"access.\"/>"));
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("MD5")
                        .digest((OldAppWar.USER + ":" + OldAppWar.REALM + ":" + OldAppWar.PASSWORD)
                                .getBytes(StandardCharsets.US_ASCII)));
        append(configuration.resolve("application-users.properties"), OldAppWar.USER + "=" + hash);
        append(configuration.resolve("application-roles.properties"), OldAppWar.USER + "=" + OldAppWar.ROLE);
        Path temp = Files.createDirectories(base.resolve("tmp"));
        Path deployments = Files.createDirectories(base.resolve("deployments"));
        for (Path war : wars) {
            Files.copy(war, deployments.resolve(war.getFileName()));
        }
        ServerProcess process = ServerProcess.java(
                base,
                List.of(
                        "-Djava.io.tmpdir=" + temp,
                        "-Djava.net.preferIPv4Stack=true",
                        "-Djboss.home.dir=" + home,
                        "-Djboss.server.base.dir=" + base,
                        "-Djboss.http.port=0",
                        "-Djboss.https.port=0",
                        "-Djboss.management.http.port=0",
                        "-Dlogging.configuration="
                                + configuration.resolve("logging.properties").toUri(),
                        "-Dorg.jboss.boot.log.file=" + base.resolve("log/server.log"),
                        "--add-exports=java.desktop/sun.awt=ALL-UNNAMED",
                        "--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED",
                        "--add-exports=java.naming/com.sun.jndi.url.ldap=ALL-UNNAMED",
                        "--add-exports=java.naming/com.sun.jndi.url.ldaps=ALL-UNNAMED",
                        "--add-exports=jdk.naming.dns/com.sun.jndi.dns=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--add-opens=java.base/java.io=ALL-UNNAMED",
                        "--add-opens=java.base/java.net=ALL-UNNAMED",
                        "--add-opens=java.base/java.security=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                        "--add-opens=java.management/javax.management=ALL-UNNAMED",
                        "--add-opens=java.naming/javax.naming=ALL-UNNAMED",
                        "-jar",
                        home.resolve("jboss-modules.jar").toString(),
                        "-mp",
                        home.resolve("modules").toString(),
                        "org.jboss.as.standalone"));
        return Running.of(process, STARTED, base.resolve("log"), "access.");
    }

    private static void append(Path file, String line) throws Exception {
        Files.writeString(file, System.lineSeparator() + line + System.lineSeparator(), StandardOpenOption.APPEND);
    }
}
