package io.multistatus.dispatch.tomcat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the items share of the connection that the batch came on, as Coyote's processors find it. Not as it may have been
 * rewritten since for the outer request: what did so (a RemoteIpValve) will do so for each item again. Immutable.
 *
 * @param scheme null for that of the connector, which Catalina then sets
 * @param pseudoAuthority host and maybe port as HTTP/2 said them; null with HTTP/1
 */
record OuterConnection(
        String httpVersion,
        @Nullable String scheme,
        @Nullable String pseudoAuthority,
        String remoteAddr,
        String remoteHost,
        int remotePort,
        String localAddr,
        String localName,
        int localPort,
        @Nullable SSLSupport tls,
        @Nullable Object servletConnection) {
    static final String HTTP_1_1 = "HTTP/1.1";

    /**
     * Copies from a live request.
     *
     * @param localNames what is known so far of the names of local addresses
     */
    static OuterConnection of(
            org.apache.catalina.connector.Request outer,
            AbstractHttp11Protocol<?> protocol,
            Map<String, String> localNames) {
        Request request = outer.getCoyoteRequest();
        request.action(ActionCode.REQ_HOST_ADDR_ATTRIBUTE, request);
        request.action(ActionCode.REQ_REMOTEPORT_ATTRIBUTE, request);
        request.action(ActionCode.REQ_LOCAL_ADDR_ATTRIBUTE, request);
        request.action(ActionCode.REQ_LOCALPORT_ATTRIBUTE, request);
        String remoteAddr = request.remoteAddr().toString();
        String localAddr = request.localAddr().toString();
        return new OuterConnection(
                request.protocol().toString(),
                scheme(request, protocol),
                pseudoAuthority(request),
                remoteAddr,
                outer.getConnector().getEnableLookups() ? remoteHost(request) : remoteAddr,
                request.getRemotePort(),
                localAddr,
                localNames.computeIfAbsent(localAddr, address -> localName(request)),
                request.getLocalPort(),
                protocol.isSSLEnabled() ? tls(request) : null,
                SinceServlet6.connection(request));
    }

    /** Says itself what HTTP/1.1 leaves to the connector; a proxy may have been believed since to have had TLS. */
    private static @Nullable String scheme(Request request, AbstractHttp11Protocol<?> protocol) {
        if (protocol.isSSLEnabled()) {
            return "https";
        }
        return request.protocol().toString().startsWith("HTTP/1.")
                ? null
                : request.scheme().toString();
    }

    private static @Nullable String pseudoAuthority(Request request) {
        boolean binary = !request.protocol().toString().startsWith("HTTP/1.");
        String name = request.serverName().toString();
        if (!binary || name == null) {
            return null;
        }
        return request.getServerPort() > 0 ? name + ":" + request.getServerPort() : name;
    }

    private static String remoteHost(Request request) {
        request.action(ActionCode.REQ_HOST_ATTRIBUTE, request);
        return request.remoteHost().toString();
    }

    private static String localName(Request request) {
        String before = request.localName().toString();
        request.action(ActionCode.REQ_LOCAL_NAME_ATTRIBUTE, request);
        String name = request.localName().toString();
        request.localName().setString(before);
        return name;
    }

    private static @Nullable SSLSupport tls(Request request) {
        request.action(ActionCode.REQ_SSL_ATTRIBUTE, request);
        return (SSLSupport) request.getAttribute(SSLSupport.SESSION_MGR);
    }

    Optional<InetSocketAddress> localAddress() {
        try {
            // An address in digits: nothing is looked up.
            return localPort <= 0
                    ? Optional.empty()
                    : Optional.of(new InetSocketAddress(InetAddress.getByName(localAddr), localPort));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** What HTTP/2 says in place of a Host field, where a field says it. */
    Optional<String> authority() {
        return Optional.ofNullable(pseudoAuthority);
    }

    boolean isHttp2() {
        return httpVersion.startsWith("HTTP/2");
    }

    boolean isHttp11() {
        return httpVersion.equals(HTTP_1_1);
    }

    /** Makes {@code request} one that came on this connection. */
    void describeTo(Request request) {
        request.protocol().setString(httpVersion);
        request.scheme().setString(scheme);
        request.remoteAddr().setString(remoteAddr);
        request.peerAddr().setString(remoteAddr);
        request.remoteHost().setString(remoteHost);
        request.setRemotePort(remotePort);
        request.localAddr().setString(localAddr);
        request.localName().setString(localName);
        request.setLocalPort(localPort);
    }
}
