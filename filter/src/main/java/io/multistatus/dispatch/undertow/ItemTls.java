package io.multistatus.dispatch.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.RenegotiationRequiredException;
import io.undertow.server.SSLSessionInfo;
import java.io.IOException;
import java.security.cert.Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.xnio.SslClientAuthMode;

/**
 * The TLS session of the batch's connection as its items see it. They cannot negotiate anew, as streams of HTTP/2 cannot:
 * the batch is using the connection. Thread-safe.
 */
final class ItemTls implements SSLSessionInfo {
    private final SSLSessionInfo session;

    ItemTls(SSLSessionInfo session) {
        this.session = session;
    }

    @Override
    public byte[] getSessionId() {
        return session.getSessionId();
    }

    @Override
    public String getCipherSuite() {
        return session.getCipherSuite();
    }

    @Override
    public int getKeySize() {
        return session.getKeySize();
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException, RenegotiationRequiredException {
        return session.getPeerCertificates();
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    public javax.security.cert.X509Certificate[] getPeerCertificateChain()
            throws SSLPeerUnverifiedException, RenegotiationRequiredException {
        return session.getPeerCertificateChain();
    }

    @Override
    public void renegotiate(HttpServerExchange exchange, SslClientAuthMode mode) throws IOException {
        throw new IOException("An item of a batch cannot renegotiate TLS: the batch is using the connection");
    }

    @Override
    public SSLSession getSSLSession() {
        return session.getSSLSession();
    }
}
