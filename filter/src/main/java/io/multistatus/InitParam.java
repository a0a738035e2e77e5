package io.multistatus;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One init-param: how its text is read and what is done with the value.
 *
 * @param <B> the builder that takes it
 * @param <T> what it is a text of
 */
record InitParam<B, T>(String name, Function<String, T> reader, BiConsumer<B, T> setter) {

    void apply(String text, B builder, ConfigProblems problems) {
        // The value is wrapped because a reader's refusal leaves none, and a builder takes no null.
        problems.check(name, text.strip(), reader.andThen(Optional::of), Optional.<T>empty())
                .ifPresent(value -> setter.accept(builder, value));
    }
}
