package io.multistatus.apps.jersey;

/** What {@link LineProvider} reads and writes. */
record Line(String text) {}
