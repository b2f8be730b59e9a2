package dev.weir.server.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.server.upstream.FakeUpstream;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class RouterTest {
  private static final Upstream QUAY = upstream("quay.io");
  private static final Upstream DOCKER = upstream("docker.io");
  private static final Upstream HUB = upstream("hub");
  private static final Map<String, Upstream> UPSTREAMS = Map.of("quay.io", QUAY, "docker.io", DOCKER);
  private static final Map<String, List<RepositoryName>> ALIASES = Map.of(
      "ocp/release", names("quay.io/ocp/release", "quay.io/ocp/art"),
      "mirror/", names("quay.io/all"),
      "mirror/deep/", names("docker.io/deep", "quay.io/deep"),
      "mirror/exact", names("docker.io/exact"),
      "quay.io/shadowed", names("docker.io/other"),
      "lost", names("nowhere.example/a"));

  private static Upstream upstream(String name) {
    return new Upstream(name, new FakeUpstream(name), false);
  }

  private static List<RepositoryName> names(String... names) {
    return List.of(names).stream().map(RepositoryName::parse).toList();
  }

  private static Router router(Optional<Upstream> proxy) {
    return new Router(UPSTREAMS, ALIASES, proxy, Set.of("weir.example:5000", "localhost:5000")::contains);
  }

  private static RepositoryAddress address(@Nullable String host, String name, @Nullable String namespace) {
    return new RepositoryAddress(RepositoryName.parse(name), Optional.ofNullable(host), Optional.ofNullable(namespace));
  }

  @ParameterizedTest(name = "{0}/v2/{1}?ns={2} is {3}")
  @CsvSource({
      // host before /v2/, path, ?ns=, stored as
      ", a/b,                      , a/b",
      ", quay.io/a/b,              , quay.io/a/b",
      ", quay.io/a/b,       quay.io, quay.io/a/b",
      ", a/b,               quay.io, quay.io/a/b",
      ", b,               docker.io, docker.io/b",
      "quay.io, a/b,               , quay.io/a/b",
      "quay.io, a/b,        quay.io, quay.io/a/b",
      "quay.io, quay.io/a,         , quay.io/quay.io/a",
      "quay.io, docker.io/a,       , quay.io/docker.io/a",
      ", a/b,     weir.example:5000, a/b",
      ", a/b,        localhost:5000, a/b",
      ", quay.io/a, weir.example:5000, quay.io/a",
      "quay.io, a/b, localhost:5000, quay.io/a/b",
      ", other.example/a/b,        , other.example/a/b",
      ", mirror/a,                 , mirror/a",
      ", mirror/a,          quay.io, quay.io/mirror/a"
  })
  void anAddressIsStoredUnderOneName(@Nullable String host, String name, @Nullable String namespace, String storedAs)
      throws RegistryException {
    assertThat(router(Optional.of(HUB)).nameOf(address(host, name, namespace))).hasToString(storedAs);
  }

  @ParameterizedTest(name = "{0}/v2/{1}?ns={2}")
  @CsvSource({", quay.io/a, docker.io", ", quay.io/a, other.example", "quay.io, a, docker.io", "quay.io, a, 127.0.0.1"})
  void twoHostsThatDifferAreRefused(@Nullable String host, String name, String namespace) {
    RegistryException e = catchThrowableOfType(RegistryException.class,
        () -> router(Optional.of(HUB)).nameOf(address(host, name, namespace)));
    assertThat(e.code()).isEqualTo(ErrorCode.NAME_INVALID);
    assertThat(e.sentence()).contains("quay.io").contains(namespace);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:5000", "localhost", "[::1]", "169.254.169.254", "169.254.169.254:80",
      "metadata.google.internal", "fe80::1", "0.0.0.0", "10.0.0.1", "ghcr.io", "QUAY.IO", "quay.io:443", "quay.io.",
      "quay.io/", "../quay.io", "hub", "", " ", "user@quay.io", "http://quay.io"})
  void aHostThatIsNotConfiguredIsUnknownWhateverTheProxy(String host) {
    for (Optional<Upstream> proxy : List.of(Optional.<Upstream>empty(), Optional.of(HUB))) {
      for (RepositoryAddress address : List.of(address(null, "a/b", host), address(host, "a/b", null),
          address(null, "mirror/a", host), address(host, "quay.io/a", null))) {
        RegistryException e = catchThrowableOfType(RegistryException.class, () -> router(proxy).nameOf(address));
        assertThat(e.code()).as(address.toString()).isEqualTo(ErrorCode.NAME_UNKNOWN);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1/a", "localhost/a", "169.254.169.254/latest/meta-data",
      "metadata.google.internal/a",
      "ghcr.io/a", "quay.io", "mirror", "ocp/release/below", "lost/below"})
  void aNameThatOnlyLooksLikeAHostIsLocalWithoutAProxy(String name) throws RegistryException {
    assertThat(router(Optional.empty()).route(RepositoryName.parse(name)))
        .isEqualTo(new Route(RepositoryName.parse(name), List.of(), false));
  }

  @ParameterizedTest(name = "{0} is filled from {1}")
  @CsvSource({
      "quay.io/a/b,       quay.io/a/b",
      "quay.io/shadowed,  quay.io/shadowed",
      "docker.io/a,       docker.io/a",
      "ocp/release,       quay.io/ocp/release quay.io/ocp/art",
      "mirror/a/b,        quay.io/all/a/b",
      "mirror/deep,       quay.io/all/deep",
      "mirror/deep/a,     docker.io/deep/a quay.io/deep/a",
      "mirror/deeper/a,   quay.io/all/deeper/a",
      "mirror/exact,      docker.io/exact",
      "mirror/exact/a,    quay.io/all/exact/a",
      "lost,              ''"
  })
  void aNameIsFilledFromWhereTheRulesPlaceIt(String name, String from) throws RegistryException {
    Route route = router(Optional.of(HUB)).route(RepositoryName.parse(name));
    assertThat(route.name()).hasToString(name);
    assertThat(route.onlyThroughProxy()).isFalse();
    assertThat(route.upstreams().stream().map(repository -> repository.keptAs().value()))
        .containsExactly(from.isEmpty() ? new String[0] : from.split(" "));
    assertThat(route.upstreams()).allSatisfy(repository -> {
      assertThat(repository.label()).isEqualTo(repository.keptAs().value());
      assertThat(repository.upstream()).isSameAs(UPSTREAMS.get(repository.keptAs().first()));
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "ghcr.io/a", "127.0.0.1/a", "quay.io", "ocp/release/below"})
  void whatNoOtherRulePlacesGoesToTheProxyUnderItsOwnName(String text) throws RegistryException {
    RepositoryName name = RepositoryName.parse(text);
    assertThat(router(Optional.of(HUB)).route(name))
        .isEqualTo(new Route(name, List.of(new UpstreamRepository(HUB, name, name)), true));
  }

  @Test
  void aProxyThatHasANameHereSharesWhatIsKeptUnderThatName() throws RegistryException {
    RepositoryName name = RepositoryName.parse("a/b");
    Router router = router(Optional.of(QUAY));
    assertThat(router.route(name).upstreams()).isEqualTo(router.route(RepositoryName.parse("quay.io/a/b")).upstreams());
    assertThat(router.route(name).onlyThroughProxy()).isTrue();
  }

  @Test
  void aNameThatBecomesTooLongIsRefused() {
    RepositoryName longest = RepositoryName.parse("a".repeat(255));
    assertThat(catchThrowableOfType(RegistryException.class,
        () -> router(Optional.empty()).nameOf(new RepositoryAddress(longest, Optional.of("quay.io"), Optional.empty())))
        .code()).isEqualTo(ErrorCode.NAME_INVALID);
    assertThat(catchThrowableOfType(RegistryException.class, () -> router(Optional.of(QUAY)).route(longest)).code())
        .isEqualTo(ErrorCode.NAME_INVALID);
  }
}
