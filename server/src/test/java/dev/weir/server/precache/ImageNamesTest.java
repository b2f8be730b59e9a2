package dev.weir.server.precache;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ImageNamesTest {
  private static final String HEX = "ab".repeat(32);
  private static final ImageNames NAMES = new ImageNames(
      Map.of("quay.io", "quay.io", "docker.io", "docker.io", "hub", "hub", "hub.example.com:5000", "hub",
          "cdn.example.com", "hub"),
      Set.of("mirror/all"));

  @ParameterizedTest
  @CsvSource({"quay.io/team/app:v1, quay.io/team/app, v1", "quay.io/team/app, quay.io/team/app, latest",
      "docker://quay.io/a:v1, quay.io/a, v1", "docker.io/nginx:1, docker.io/library/nginx, 1",
      "docker.io/grafana/grafana:1, docker.io/grafana/grafana, 1", "hub.example.com:5000/a/b:v, hub/a/b, v",
      "hub/a/b:v, hub/a/b, v", "ocp4/openshift4:4.4.10, ocp4/openshift4, 4.4.10"})
  void anImageIsKnownHereByTheNameOfItsUpstream(String asked, String name, String tag) {
    Wanted wanted = NAMES.parse(asked, false);
    assertThat(wanted.name()).hasToString(name);
    assertThat(wanted.reference()).hasToString(tag);
    assertThat(wanted.asked()).isEqualTo(asked);
  }

  @Test
  void aDigestGoesBeforeATag() {
    assertThat(NAMES.parse("quay.io/a/b:v1@sha256:" + HEX, false).reference()).hasToString("sha256:" + HEX);
  }

  @Test
  void theRightSideOfAMappingIsANameHereIfThatIsWanted() {
    String line = "quay.io/a/b@sha256:" + HEX + "=weir.example.com:5000/openshift/release:4.11.5-x86_64-cli";
    assertThat(NAMES.parse(line, true).also()).singleElement()
        .hasToString("openshift/release:4.11.5-x86_64-cli");
    assertThat(NAMES.parse(line, false).also()).isEmpty();
    assertThat(NAMES.parse(line, false).name()).hasToString("quay.io/a/b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "quay.io/", "quay.io/A/b", "quay.io/a/b:no tag", "quay.io/a@sha256:12",
      "unknown.example.com/a/b:v1", "localhost:5000/a", "quay.io/a/b:v1=UPPER:1",
      "quay.io/a/b:v1=quay.io/mine:1", "quay.io/a/b:v1=cdn.example.com/mine:1", "quay.io/a/b:v1=mirror/all/b:1"})
  void whatIsNoImageIsRefusedWithItsName(String asked) {
    assertThatIllegalArgumentException().isThrownBy(() -> NAMES.parse(asked, true))
        .withMessageContaining(asked.isEmpty() ? "''" : asked.substring(asked.indexOf('=') + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"# only a remark", "\n \n", "\uFEFF\r\n"})
  void aListMayBeEmpty(String text) {
    assertThat(ImageLists.read("list", text)).isEmpty();
  }

  @Test
  void aListHoldsTheFirstWordOfEachLine() {
    assertThat(ImageLists.read("list", "\uFEFFa/b:1 something\r\n# no\n  c/d:2=e/f:3  \n"))
        .isEqualTo(List.of("a/b:1", "c/d:2=e/f:3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind: Secret\ndata: {a: b}", "kind: ConfigMap\n", "{", "images:\n- a\n"})
  void whatIsNoListIsRefusedWithItsName(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ImageLists.read("some.file", text))
        .withMessageContaining("some.file");
  }
}
