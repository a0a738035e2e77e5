package io.multistatus.demo.web;

/**
 * A port by which the shop is further away.
 *
 * @param rttMillis how long a round trip takes, in milliseconds
 * @param port on the host by which the shop is reached without a delay
 */
public record Delay(int rttMillis, int port) {}
