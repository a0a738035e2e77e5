package io.multistatus.clients;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test that is told which container's demo it is about. */
@ParameterizedTest
@ValueSource(strings = {"jetty", "tomcat", "undertow"})
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface InEachContainer {}
