package io.multistatus.execution;

/**
 * Workers that hold their thread although their item is done.
 *
 * @param retired how many have been given up just now
 */
record Stuck(int retired, NextStep next) {}
