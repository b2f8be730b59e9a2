package dev.weir.server.wiring;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OwnNamesTest {
  private final AtomicReference<Set<String>> certified = new AtomicReference<>(
      Set.of("mirror.example.com", "*.apps.example.com", "10.0.0.1", "fd00:0:0:0:0:0:0:2"));
  private final OwnNames names = new OwnNames(Optional.of(URI.create("https://door.example.com")), 5000,
      certified::get);

  @ParameterizedTest
  @ValueSource(strings = {"mirror.example.com", "mirror.example.com:5000", "MIRROR.example.com", "a.apps.example.com",
      "a.apps.example.com:5000", "10.0.0.1:5000", "10.0.0.1", "[fd00::2]:5000", "[fd00::2]", "[FD00:0::2]:5000",
      "door.example.com", "door.example.com:443"})
  void isCalled(String name) {
    assertThat(names.test(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io", "mirror.example.com:5001", "apps.example.com", "b.a.apps.example.com",
      "*.apps.example.com.", "10.0.0.2", "[fd00::3]:5000", "fd00::2:5000", "door.example.com:5000", "", ":", "[]", "[",
      "mirror.example.com:", "mirror.example.com:99999999999", "10.0.0.1:5000/x"})
  void isNotCalled(String name) {
    assertThat(names.test(name)).isFalse();
  }

  @Test
  void namesOfTheCertificateInUseCount() {
    assertThat(names.test("new.example.com")).isFalse();
    certified.set(Set.of("new.example.com"));
    assertThat(names.test("new.example.com")).isTrue();
    assertThat(names.test("mirror.example.com")).isFalse();
  }

  @Test
  void withoutACertificateOnlyTheConfiguredHostCounts() {
    OwnNames six = new OwnNames(Optional.of(URI.create("http://[::1]:8080")), 5000, Set::of);
    assertThat(six.test("[::1]:8080")).isTrue();
    assertThat(six.test("[0:0::1]")).isTrue();
    assertThat(six.test("[::1]:5000")).isFalse();
    assertThat(new OwnNames(Optional.empty(), 5000, Set::of).test("localhost")).isFalse();
  }
}
