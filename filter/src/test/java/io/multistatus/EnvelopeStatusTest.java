package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import io.multistatus.format.Dialect;
import io.multistatus.model.Headers;
import io.multistatus.support.StubRequest;
import io.multistatus.wire.Preferences;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.2 of the contract, row by row. */
class EnvelopeStatusTest {
    private static final String[] EVERY_REASON = {
        "Prefer", "multi-status=200", "Via", "1.0 proxy", "User-Agent", "Old-Client/1"
    };

    @Test
    void itIs207() {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null)).isEqualTo(207);
        assertThat(status(MultiStatus.AUTO, "HTTP/2.0", null, "User-Agent", "Any", "Via", "1.1 a, 1.0 b"))
                .isEqualTo(207);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multi-status=200",
                "Multi-Status=200",
                "multi-status=\"200\"",
                "return=minimal, multi-status=200",
                "multi-status=200, multi-status=207"
            })
    void aClientMayPrefer200(String prefer) {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "Prefer", prefer)).isEqualTo(200);
        assertThat(isApplied(MultiStatus.AUTO, prefer)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"multi-status", "multi-status=207", "multi-status=2000", "multi-status=207, multi-status=200"})
    void anotherPreferenceChangesNothing(String prefer) {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "Prefer", prefer)).isEqualTo(207);
        assertThat(isApplied(MultiStatus.AUTO, prefer)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multi-status=200", "a=b&multi-status=200", "multi-status=200&a=b", "&multi-status=200&"})
    void theQueryMayAskFor200(String query) {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", query)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "multi-status",
                "multi-status=207",
                "multi-status=2000",
                "x-multi-status=200",
                "a=multi-status=200"
            })
    void anotherQueryChangesNothing(String query) {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", query)).isEqualTo(207);
    }

    @Test
    void http10DoesNotKnow207() {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.0", null)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.0 fred", "1.0 fred, 1.1 example.com (Apache/1.1)", " HTTP/1.0 fred", "http/1.0 fred", "1.0"})
    void aClientBehindAProxyMaySpeakHttp10(String via) {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "Via", via)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1 fred", "1.1 fred, 1.0 barney", "1.01 fred", "11.0 fred", "HTTPS/1.0 fred", "2.0 1.0", ""})
    void aProxyThatSpeaksAnotherVersionToItsClientChangesNothing(String via) {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "Via", via)).isEqualTo(207);
    }

    @Test
    void ofSeveralViaFieldsTheFirstIsNextToTheClient() {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "Via", "1.0 a", "Via", "1.1 b"))
                .isEqualTo(200);
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "Via", "1.1 a", "Via", "1.0 b"))
                .isEqualTo(207);
    }

    @Test
    void aUserAgentMayBeKnownNotToTake207() {
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "User-Agent", "Mozilla/5.0 Old-Client/1.2"))
                .isEqualTo(200);
        assertThat(status(MultiStatus.AUTO, "HTTP/1.1", null, "User-Agent", "Old-Client/2"))
                .isEqualTo(207);
        assertThat(new EnvelopeStatus(BatchConfig.defaults(), Dialect.NATIVE)
                        .of(
                                StubRequest.with().build(),
                                Headers.of("User-Agent", "Old-Client/1"),
                                Preferences.parse(List.of())))
                .isEqualTo(207);
    }

    @Test
    void alwaysIgnoresAllOfThat() {
        assertThat(status(MultiStatus.ALWAYS, "HTTP/1.0", "multi-status=200", EVERY_REASON))
                .isEqualTo(207);
        assertThat(isApplied(MultiStatus.ALWAYS, "multi-status=200")).isFalse();
    }

    @Test
    void neverIs200WhateverTheClientSays() {
        assertThat(status(MultiStatus.NEVER, "HTTP/1.1", null)).isEqualTo(200);
        assertThat(status(MultiStatus.NEVER, "HTTP/1.1", null, "Prefer", "multi-status=207"))
                .isEqualTo(200);
        assertThat(isApplied(MultiStatus.NEVER, "multi-status=200")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(MultiStatus.class)
    void aPreferenceThatNobodyHasIsNotApplied(MultiStatus when) {
        assertThat(isApplied(when, "return=minimal")).isFalse();
    }

    private static boolean isApplied(MultiStatus when, String prefer) {
        return statuses(when).isApplied(Preferences.parse(List.of(prefer)));
    }

    private static int status(MultiStatus when, String protocol, @Nullable String query, String... headers) {
        Headers fields = Headers.of(headers);
        return statuses(when)
                .of(
                        StubRequest.with(headers)
                                .answering("getProtocol", protocol)
                                .answering("getQueryString", query)
                                .build(),
                        fields,
                        Preferences.parse(fields.all("Prefer")));
    }

    private static EnvelopeStatus statuses(MultiStatus when) {
        return new EnvelopeStatus(
                BatchConfig.builder()
                        .multiStatus(when)
                        .status200UserAgents("Old-Client/1")
                        .build(),
                Dialect.NATIVE);
    }
}
