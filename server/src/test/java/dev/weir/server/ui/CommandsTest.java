package dev.weir.server.ui;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.weir.server.http.Visitor;
import dev.weir.server.openshift.Sources;
import dev.weir.server.openshift.Transport;

import static org.assertj.core.api.Assertions.assertThat;

final class CommandsTest {
  private static final Visitor EVERYBODY = new Visitor("-", false, false, true, name -> true, first -> true);

  private static Commands commands(Optional<String> configured) {
    return new Commands(List.of(new Sources.Upstream("quay.io", "quay.io")),
        List.of(new Sources.Alias("closed/app", "quay.io", "team/app")),
        new Commands.Names(configured, "known.example:5000"::equals), new Transport.Trusted());
  }

  private static Commands.View shown(Optional<String> configured, String host) {
    return commands(configured).show(new Question(EVERYBODY, Map.of("secure", "true"), host));
  }

  @Test
  void aHostThatNoImageCanBeNamedByIsSaidToBeOne() {
    for (String host : List.of("[::1]:5000", "<script>alert(1)</script>", "", "a b", "weir:99999")) {
      Commands.View view = shown(Optional.empty(), host);
      assertThat(view.door()).as(host).isNull();
      assertThat(view.files()).isEmpty();
      assertThat(view.lacks()).isNotEmpty();
    }
  }

  @Test
  void aNameThatIsKnownToBeWeirsStaysAndAnotherGivesWayToTheConfiguredOne() {
    assertThat(shown(Optional.of("mirror.example"), "known.example:5000").door()).isEqualTo("known.example:5000");
    assertThat(shown(Optional.of("mirror.example"), "10.0.0.1:5000").door()).isEqualTo("mirror.example");
    assertThat(shown(Optional.empty(), "10.0.0.1:5000").door()).isEqualTo("10.0.0.1:5000");
  }

  @Test
  void anAliasIsNoBusinessOfWhoMayNotPullThere() {
    Visitor other = new Visitor("bob", false, false, false, name -> !name.isWithin("closed"), first -> true);
    Commands.View view = commands(Optional.empty()).show(new Question(other, Map.of(), "weir.example"));
    assertThat(view.files()).isNotEmpty().noneMatch(file -> file.text().contains("closed/app"));
    assertThat(shown(Optional.empty(), "weir.example").files()).anyMatch(file -> file.text().contains("closed/app"));
  }

  @Test
  void anUpstreamIsNoBusinessOfWhoMayPullNothingFromIt() {
    Visitor other = new Visitor("bob", false, false, false, name -> name.isWithin("mine"), "mine"::equals);
    assertThat(commands(Optional.empty()).show(new Question(other, Map.of(), "weir.example")).files())
        .noneMatch(file -> file.text().contains("quay.io"));
    assertThat(shown(Optional.empty(), "weir.example").files()).anyMatch(file -> file.text().contains("quay.io"));
    Site site = new Site("1", Instant.EPOCH, List.of("quay.io", "mine"));
    assertThat(site.show(new Question(other, Map.of(), "weir.example")).upstreams()).containsExactly("mine");
  }
}
