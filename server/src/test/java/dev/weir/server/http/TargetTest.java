package dev.weir.server.http;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TargetTest {
  @ParameterizedTest
  @CsvSource({"/v2/,/v2/", "/a%2Fb,/a/b", "/a%252Fb,/a%2Fb", "/a+b,/a+b", "/%c3%a9,/é", "http://h:1/v2/x?n=1,/v2/x",
      "https://h,/", "/a/../b,/a/../b"})
  void pathIsDecodedOnce(String text, String path) throws BadRequest {
    assertThat(Target.parse(text).path()).isEqualTo(path);
  }

  @Test
  void queryKeepsTheFirstOfRepeatedNames() throws BadRequest {
    assertThat(Target.parse("/?a=1&a=2&b=x+y%2Bz&c&d=e=f").query())
        .isEqualTo(Map.of("a", "1", "b", "x y+z", "c", "", "d", "e=f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%2", "/%zz", "/?a=%4", "/%ff", "*", "v2/", "ftp://h/"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(BadRequest.class);
  }
}
