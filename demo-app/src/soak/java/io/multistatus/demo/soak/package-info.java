/**
 * Puts the demo's server under load and faults for a time, and looks whether all answers are right and nothing is left
 * behind; run by the profile {@code soak}.
 */
@NullMarked
package io.multistatus.demo.soak;

import org.jspecify.annotations.NullMarked;
