package io.multistatus.dispatch.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.BatchFilter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch through a front server that speaks AJP is refused, and told why. */
@Tag("tomcat")
class AjpIT {
    private static final int FORWARD_REQUEST = 2;
    private static final int GET = 2;
    private static final int LAST_ATTRIBUTE = 0xff;

    @TempDir
    Path base;

    @Test
    @SuppressWarnings("deprecation") // what replaces addServletMappingDecoded is not in the oldest Tomcat
    void itIsToldThatAjpIsTheReason() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        Connector connector = new Connector("AJP/1.3");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("secretRequired", "false");
        tomcat.setConnector(connector);
        Context app = tomcat.addContext("", base.toString());
        Tomcat.addServlet(app, "default", "org.apache.catalina.servlets.DefaultServlet");
        app.addServletMappingDecoded("/", "default");
        FilterDef filter = new FilterDef();
        filter.setFilterName("multistatus");
        filter.setFilter(new BatchFilter());
        app.addFilterDef(filter);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName("multistatus");
        mapping.addURLPattern("/*");
        app.addFilterMap(mapping);
        try {
            tomcat.start();
            String answer = exchange(tomcat.getConnector().getLocalPort());
            assertThat(answer).contains("urn:multistatus:unsupported-container").contains("AJP");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    /** Asks for the endpoint's description, which is refused as a batch is, and gives all that comes back. */
    private static String exchange(int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        request.write(FORWARD_REQUEST);
        request.write(GET);
        writeText("HTTP/1.1", request);
        writeText("/batch", request);
        writeText("203.0.113.7", request);
        writeText("client.example", request);
        writeText("localhost", request);
        request.writeShort(80);
        request.writeBoolean(false);
        request.writeShort(0);
        request.write(LAST_ATTRIBUTE);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(0x1234);
            out.writeShort(bytes.size());
            bytes.writeTo(out);
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void writeText(String text, DataOutputStream out) throws IOException {
        out.writeShort(text.length());
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }
}
