package io.multistatus.dispatch.loopback;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Where a server listens.
 *
 * @param host a name or an address; an IPv6 one without brackets
 * @param tls whether it speaks TLS there
 */
record ServerAddress(String host, int port, boolean tls) {

    static ServerAddress of(URI url) {
        boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        String host = url.getHost() == null ? url.getAuthority() : url.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ServerAddress(bare, url.getPort() < 0 ? (tls ? 443 : 80) : url.getPort(), tls);
    }

    /**
     * Connects {@code socket}, which may be closed meanwhile.
     *
     * @return the socket to talk through: over TLS with a server that proves to be {@link #host}, or {@code socket} itself
     */
    Socket connect(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port));
        if (!tls) {
            return socket;
        }
        SSLSocket secure =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
