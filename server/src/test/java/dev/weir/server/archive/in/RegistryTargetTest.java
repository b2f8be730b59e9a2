package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.weir.auth.Credentials;
import dev.weir.server.archive.BasicLogin;
import dev.weir.server.archive.Dial;
import dev.weir.server.archive.RegistryClient;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockRequest;
import dev.weir.server.upstream.MockServer;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RegistryTargetTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final byte[] CONTENT = new byte[]{1, 2, 3, 4};
  private static final Digest DIGEST = Digest.sha256(CONTENT);

  private static RegistryTarget target(MockServer server, boolean isWeir) {
    return new RegistryTarget(new RegistryClient(new Dial.Remote("127.0.0.1", server.port(), Optional.empty()),
        new BasicLogin(new Credentials("user", "secret"))), isWeir);
  }

  @Test
  void whatBreaksOffAtTheRegistryIsNotHad() throws IOException {
    try (MockServer server = MockServer.http(request -> MockAnswer.of(200, new byte[0]));
        Target target = target(server, false)) {
      assertThat(target.hasBlob(NAME, DIGEST, CONTENT.length)).isFalse();
      assertThat(target.hasBlob(NAME, DIGEST, -1)).isTrue();
    }
  }

  @Test
  void whatAnotherHostHasIsReadThereWithoutOurPassword() throws IOException {
    try (MockServer bucket = MockServer.http(request -> MockAnswer.of(200, CONTENT));
        MockServer server = MockServer.http(request -> MockAnswer.redirect(307, bucket.uri().resolve("/x/y?a=b")
            .toString()));
        Target target = target(server, false)) {
      assertThat(target.hasBlob(NAME, DIGEST, CONTENT.length)).isTrue();
      assertThat(bucket.requests()).isEmpty();

      try (var in = target.blob(NAME, DIGEST).open()) {
        assertThat(in.readAllBytes()).isEqualTo(CONTENT);
      }

      assertThat(bucket.log()).containsExactly("GET /x/y?a=b");
      assertThat(bucket.requests()).noneMatch(request -> request.header("Authorization").isPresent());
      assertThat(server.requests()).allMatch(request -> request.header("Authorization").isPresent());
    }
  }

  @Test
  void aRedirectOnTheSameHostIsFollowedAsBefore() throws IOException {
    try (MockServer server = MockServer.http(request -> request.path().equals("/there")
        ? MockAnswer.of(200, CONTENT)
        : MockAnswer.redirect(307, "/there")); Target target = target(server, false)) {
      try (var in = target.blob(NAME, DIGEST).open()) {
        assertThat(in.readAllBytes()).isEqualTo(CONTENT);
      }
    }
  }

  @Test
  void aWeirIsAskedForWhatItHoldsAndNotForWhatLiesUpstream() throws IOException {
    try (MockServer server = MockServer.http(RegistryTargetTest::weir); Target target = target(server, true)) {
      assertThat(target.hasBlob(NAME, DIGEST, CONTENT.length)).isFalse();
    }
  }

  /** Gives out whatever upstream has, and holds nothing. */
  private static MockAnswer weir(MockRequest request) {
    return request.path().startsWith("/v2/")
        ? MockAnswer.of(200, CONTENT)
        : MockAnswer.json(200, "{\"bytes\": -1}");
  }

  @Test
  void aBearerChallengeIsSaidToBeNone() throws IOException {
    try (MockServer server = MockServer.http(request -> MockAnswer.json(401, "{}")
        .with("WWW-Authenticate", "Bearer realm=\"https://auth.example.com/token\""));
        Target target = target(server,
            false)) {
      assertThatThrownBy(() -> target.hasBlob(NAME, DIGEST, -1)).isInstanceOf(IOException.class)
          .hasMessageContaining("token").hasMessageContaining("name and a password");
    }
  }

  @Test
  void aRepositoryThatTakesNothingIsAskedOnce() throws IOException {
    try (MockServer server = MockServer.http(request -> MockAnswer.json(403, "{}"));
        Target target = target(server, false)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> target.putBlob(NAME, DIGEST, new Bytes(CONTENT))).isInstanceOf(Target.Refused.class)
            .hasMessageContaining("nothing may be put into team/app").hasMessageContaining("403");
      }
      assertThat(server.requests()).hasSize(1);
    }
  }
}
