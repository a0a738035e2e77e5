package io.multistatus.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemEventTest {

    @ParameterizedTest
    @CsvSource({
        "/x,                                     /x",
        "/x/y?token=1,                           /x/y",
        "/x#access_token=1,                      /x",
        "/x?a#b?c,                               /x",
        "x/../y,                                 x/../y",
        "//a/b,                                  //a/b",
        "?a=1,                                   ''",
        "https://h:1/x?a,                        /x",
        "https://user:secret@h/x,                /x",
        "https://user:secret@h?a,                ''",
        "http:/user:secret@h/x,                  /x",
        "http:\\\\user:secret@h/x,               /x",
        "' https://user:secret@h/x',             /x",
        "https:user:secret@h/x,                  /x",
        "user:secret@h/x,                        /x",
        "//user:secret@h/x y,                    //h/x y",
        "///secret@h/x,                          ///h/x",
        "/user:secret@h/x,                       /h/x",
        "/@scope/x,                              /@scope/x",
        "/users/a:b@h/x,                         /users/a:b@h/x",
    })
    void thePathIsAllThatMayBeShownOfAUrl(String url, String path) {
        assertThat(Events.item("a", "GET", url).path()).isEqualTo(path);
    }
}
