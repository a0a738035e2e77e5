package io.multistatus.wire;

import java.util.List;
import java.util.Set;

/**
 * The fields by which browsers, proxies and access gateways speak: whoever believes them believes that nobody else can set
 * them, since these take them from what clients send. They do not look into batches, so no item may have them.
 */
final class ForgeableFields {
    /** In lower case. */
    private static final Set<String> NAMES = Set.of(
            // The browser.
            "origin",
            "referer",
            "cookie",
            "cookie2",
            // Where a request comes from.
            "forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-remote-ip",
            "x-remote-addr",
            "true-client-ip",
            "x-cluster-client-ip",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "cf-pseudo-ipv4",
            "fastly-client-ip",
            "x-forwarded",
            "x_forwarded_for",
            "x-forward-for",
            "fly-client-ip",
            "do-connecting-ip",
            "x-azure-clientip",
            "x-azure-socketip",
            "x-envoy-external-address",
            "x-appengine-user-ip",
            "client-ip",
            "x-originating-ip",
            "x-proxyuser-ip",
            // Which way it has come.
            "via",
            // Where it was sent to.
            "x-scheme",
            "x-host",
            "x-http-host-override",
            "cf-visitor",
            "x-proxied-https",
            "front-end-https",
            "x-original-for",
            "x-original-forwarded-for",
            "x-original-host",
            "x-original-proto",
            "x-original-method",
            "x-original-uri",
            "x-original-url",
            "x-rewrite-url",
            // Whose it is.
            "client-cert",
            "client-cert-chain",
            "x-client-dn",
            "x-userinfo",
            "x-anonymous-consumer",
            "x-remote-user",
            "x-webauth-user",
            "x-pomerium-jwt-assertion",
            "cf-access-jwt-assertion");

    private static final List<String> PREFIXES = List.of(
            "sec-",
            "proxy-",
            "x-forwarded-",
            "ssl_",
            "ssl-",
            "x-ssl-",
            "x-client-cert",
            "x-arr-",
            "wl-proxy-",
            "$ws",
            "remote-",
            "sm_",
            "oidc_",
            "x-auth-request-",
            "x-authentik-",
            "x-amzn-mtls-",
            "cloudfront-viewer-",
            "x-goog-authenticated-user-",
            "x-goog-iap-",
            "x-amzn-oidc-",
            "x-ms-client-principal",
            "cf-access-authenticated-user-",
            "tailscale-user-",
            "x-consumer-",
            "x-credential-",
            "x-authenticated-",
            "x-vercel-");

    private ForgeableFields() {}

    /** Whether a field of that name, in lower case, is one of them. */
    static boolean contains(String lowerName) {
        return NAMES.contains(lowerName) || PREFIXES.stream().anyMatch(lowerName::startsWith);
    }
}
