package io.multistatus.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "execution=parallel",
                "EXECUTION=parallel",
                " execution = parallel ",
                "execution=\"parallel\"",
                "execution=parallel; because=\"of, this\"",
                "return=minimal, execution=parallel",
                "foo=\"a, execution=sequential\", execution=parallel",
                "foo=\"a\\\", execution=sequential\", execution=parallel",
                ",, ,execution=parallel,",
                "execution=parallel, execution=sequential"
            })
    void aPreferenceIsFoundHoweverItIsWritten(String field) {
        assertThat(Preferences.parse(List.of(field)).get("execution")).contains("parallel");
    }

    @Test
    void severalFieldsAreOneList() {
        Preferences preferences = Preferences.parse(List.of("wait=5", "multi-status=200, wait=6", "continue-on-error"));
        assertThat(preferences.get("wait")).contains("5");
        assertThat(preferences.get("multi-status")).contains("200");
        assertThat(preferences.get("continue-on-error")).contains("");
        assertThat(preferences.get("respond-async")).isEmpty();
    }

    @Test
    void whatIsNotTheBatchsIsLeftForTheItemsAsItWasWritten() {
        Preferences preferences = Preferences.parse(List.of(
                "return=minimal; foo=\"a,b\", respond-async, wait=5, execution=ordered",
                "odata.continue-on-error=false, continue-on-error, multi-status=200, Handling=Lenient"));
        assertThat(preferences.forItems()).containsExactly("return=minimal; foo=\"a,b\"", "Handling=Lenient");
    }

    @Test
    void theItemsPreferencesAreNotTheBatchs() {
        assertThat(Preferences.parse(List.of("return=minimal")).get("return")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", ";", "=", "=x", ";a=b", "\"", "\\"})
    void whatIsNoPreferenceIsNoneOfTheBatchs(String field) {
        Preferences preferences = Preferences.parse(List.of(field));
        assertThat(preferences.get("execution")).isEmpty();
        assertThat(preferences.get("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"executions=parallel", "x-execution=parallel", "foo=execution=parallel", "\"execution=parallel"})
    void whatOnlyContainsTheNameIsNotThePreference(String field) {
        assertThat(Preferences.parse(List.of(field)).get("execution")).isEmpty();
    }

    @Test
    void noFieldsAreNoPreferences() {
        assertThat(Preferences.parse(List.of()).forItems()).isEmpty();
    }
}
