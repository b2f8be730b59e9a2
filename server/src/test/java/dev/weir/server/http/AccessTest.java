package dev.weir.server.http;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** User by action by repository, over HTTP, against a whole weir. */
class AccessTest {
  private static final String CONTENT = "{}";
  private static final Digest BLOB = GuardedWeir.digest(CONTENT);
  private static final Digest IMAGE = GuardedWeir.digest(GuardedWeir.manifest(BLOB, CONTENT.length()));
  private static final Digest ABSENT = GuardedWeir.digest("absent");

  private static GuardedWeir weir;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    weir = GuardedWeir.start(directory, """
        upstreams: {quay.io: {offline: true}}
        rules:
        - {users: [anonymous], repositories: ["public/**"], actions: [pull]}
        - {users: ['*'], repositories: ["shared/**"], actions: [pull]}
        - {users: [alice], repositories: ["team/**"], actions: [pull, push, delete]}
        - {users: [bob], repositories: [team/app], actions: [pull]}
        - {users: [pusher], repositories: ["team/**", "box/**"], actions: [push]}
        - {users: [alice], repositories: ["box/*"], actions: [pull, push]}
        - {users: [carol], repositories: ["quay.io/ours/**"], actions: [pull, push]}
        - {users: [root], repositories: ["**"], actions: [admin]}
        - {users: [filler], repositories: ["**"], actions: [push, pull]}
        """, "alice", "bob", "pusher", "carol", "root", "filler", "nobody");
    for (String repository : List.of("public/img", "shared/img", "team/app", "team/other", "box/one")) {
      weir.pushImage("filler", repository, "v1", CONTENT);
    }
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @ParameterizedTest
  @CsvSource({"-,public/img,200,401,401", "-,shared/img,401,401,401", "-,team/app,401,401,401",
      "nobody,public/img,200,403,403", "nobody,shared/img,200,403,403", "nobody,team/app,403,403,403",
      "bob,public/img,200,403,403", "bob,shared/img,200,403,403", "bob,team/app,200,403,403",
      "bob,team/other,403,403,403", "alice,team/app,200,201,404", "alice,team/other,200,201,404",
      "alice,box/one,200,201,403", "alice,shared/img,200,403,403", "pusher,team/app,403,201,403",
      "pusher,shared/img,200,403,403", "root,team/app,403,403,403", "filler,team/app,200,201,403",
      "carol,quay.io/other,403,403,403", "alice,box/one/deeper,403,403,403", "bob,team,403,403,403"})
  void whatAUserMayDoToARepository(String user, String repository, int pull, int push, int delete) throws Exception {
    String base = "/v2/" + repository;
    for (String path : List.of("/manifests/v1", "/manifests/" + IMAGE, "/blobs/" + BLOB, "/tags/list",
        "/referrers/" + IMAGE)) {
      assertThat(weir.ask(user, "GET", base + path).status()).as("GET " + path).isEqualTo(pull);
      assertThat(weir.ask(user, "HEAD", base + path).status()).as("HEAD " + path).isEqualTo(pull);
    }
    String tag = "/manifests/by-" + (user.equals("-") ? "anybody" : user);
    assertThat(weir.ask(user, "PUT", base + tag, GuardedWeir.manifest(BLOB, CONTENT.length())).status())
        .as("PUT " + tag).isEqualTo(push);
    assertThat(weir.ask(user, "POST", base + "/blobs/uploads/?digest=" + BLOB, CONTENT).status()).as("upload")
        .isEqualTo(push);
    int start = push == 201 ? 202 : push;
    assertThat(weir.ask(user, "POST", base + "/blobs/uploads/").status()).as("POST uploads").isEqualTo(start);
    for (String path : List.of("/manifests/absent", "/manifests/" + ABSENT, "/blobs/" + ABSENT)) {
      assertThat(weir.ask(user, "DELETE", base + path).status()).as("DELETE " + path).isEqualTo(delete);
    }
  }

  @Test
  void aMountNeedsToPullFromItsSource() throws Exception {
    Digest own = weir.pushBlob("filler", "team/hidden", "for alice's team");
    String mount = "/v2/box/mounts/blobs/uploads/?mount=" + own + "&from=team/hidden";
    Reply refused = weir.ask("pusher", "POST", mount);
    assertThat(refused.status()).as("as if the blob were nowhere").isEqualTo(202);
    assertThat(refused.header("Location")).isPresent();
    assertThat(weir.ask("alice", "HEAD", "/v2/box/mounts/blobs/" + own).status()).isEqualTo(404);
    assertThat(weir.ask("alice", "POST", mount).status()).isEqualTo(201);
    assertThat(weir.ask("alice", "HEAD", "/v2/box/mounts/blobs/" + own).status()).isEqualTo(200);
    assertThat(weir.ask("bob", "POST", mount).status()).isEqualTo(403);
    assertThat(weir.ask("alice", "POST", "/v2/shared/x/blobs/uploads/?mount=" + own + "&from=team/hidden").status())
        .isEqualTo(403);
  }

  /** With the digest known, another's content is no nearer. */
  @Test
  void aManifestThatNamesAnothersBlobsGivesNothingAway() throws Exception {
    Digest hidden = weir.pushBlob("filler", "secret/app", "not for alice");
    Reply put = weir.ask("alice", "PUT", "/v2/team/thief/manifests/v1",
        GuardedWeir.manifest(hidden, "not for alice".length()));
    assertThat(put.status()).isEqualTo(404);
    assertThat(weir.ask("alice", "GET", "/v2/team/thief/blobs/" + hidden).status()).isEqualTo(404);
  }

  @Test
  void anUploadIsItsUsersAlone() throws Exception {
    String location = weir.ask("alice", "POST", "/v2/box/mine/blobs/uploads/").header("Location").orElseThrow();
    String finish = location + "&digest=" + BLOB;
    assertThat(weir.ask("pusher", "GET", location).status()).isEqualTo(404);
    assertThat(weir.ask("pusher", "PATCH", location, CONTENT).status()).isEqualTo(404);
    assertThat(weir.ask("pusher", "PUT", finish, CONTENT).status()).isEqualTo(404);
    assertThat(weir.ask("pusher", "DELETE", location).status()).isEqualTo(404);
    assertThat(weir.ask("bob", "PATCH", location, CONTENT).status()).isEqualTo(403);
    assertThat(weir.ask("-", "PATCH", location, CONTENT).status()).isEqualTo(401);
    assertThat(weir.ask("alice", "PATCH", location, CONTENT).status()).isEqualTo(202);
    assertThat(weir.ask("alice", "PUT", finish, "").status()).isEqualTo(201);
  }

  @Test
  void aForgedStateIsNoUpload() throws Exception {
    String location = weir.ask("alice", "POST", "/v2/box/forged/blobs/uploads/").header("Location").orElseThrow();
    String state = location.substring(location.indexOf("_state=") + 7);
    char other = state.charAt(0) == 'A' ? 'B' : 'A';
    for (String forged : List.of(location.replace("_state=" + state, "_state=" + other + state.substring(1)),
        location.substring(0, location.indexOf('?')), location.replace("_state=" + state, "_state="),
        location.replace("box/forged", "team/app"), location.replace("box/forged", "box/one"))) {
      assertThat(weir.ask("alice", "PATCH", forged, CONTENT).status()).as(forged).isEqualTo(404);
    }
    assertThat(weir.ask("alice", "DELETE", location).status()).isEqualTo(204);
  }

  @Test
  void aTagBelowAnUpstreamsNameTakesARuleThatSaysSo() throws Exception {
    weir.pushImage("carol", "quay.io/ours/app", "v1", CONTENT);
    assertThat(weir.ask("carol", "GET", "/v2/ours/app/manifests/v1?ns=quay.io").status()).isEqualTo(200);
    assertThat(weir.ask("carol", "GET", "/quay.io/v2/ours/app/manifests/v1").status()).isEqualTo(200);
    assertThat(weir.ask("carol", "GET", "/v2/ours/app/manifests/v1").status()).as("another name").isEqualTo(403);
    assertThat(weir.ask("alice", "GET", "/v2/team/app/manifests/v1?ns=quay.io").status()).isEqualTo(403);
    assertThat(weir.ask("carol", "PUT", "/v2/quay.io/theirs/app/manifests/v1", "{}").status()).isEqualTo(403);
  }

  /** A digest is no key: whoever knows one learns nothing of where it is. */
  @Test
  void aMountThatNamesNoSourceFindsNothingOfOthers() throws Exception {
    Digest hidden = weir.pushBlob("filler", "secret/mounts", "for nobody else");
    for (String from : List.of("", "&from=", "&from=secret/mounts", "&from=secret/absent")) {
      Reply reply = weir.ask("alice", "POST", "/v2/team/app/blobs/uploads/?mount=" + hidden + from);
      assertThat(reply.status()).as(from).isEqualTo(202);
      assertThat(reply.lines().toString()).doesNotContain(hidden.hex());
    }
    assertThat(weir.ask("alice", "HEAD", "/v2/team/app/blobs/" + hidden).status()).isEqualTo(404);
  }

  @Test
  void referrersOfOtherRepositoriesAreNotShown() throws Exception {
    Digest config = weir.pushBlob("filler", "secret/app", "sig");
    String artifact = GuardedWeir.manifest(config, 3).replace("\"layers\":[]",
        "\"layers\":[],\"subject\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" + IMAGE
            + "\",\"size\":1}");
    GuardedWeir.expect(201, weir.ask("filler", "PUT", "/v2/secret/app/manifests/sig", artifact));
    assertThat(weir.ask("filler", "GET", "/v2/secret/app/referrers/" + IMAGE).text())
        .contains(GuardedWeir.digest(artifact).toString());
    assertThat(weir.ask("alice", "GET", "/v2/team/app/referrers/" + IMAGE).text()).contains("\"manifests\":[]");
    assertThat(weir.ask("alice", "GET", "/v2/secret/app/referrers/" + IMAGE).status()).isEqualTo(403);
  }

  /** What is there and what is not are refused in the same words. */
  @Test
  void aRefusalDoesNotTellWhetherThereIsAnything() throws Exception {
    for (String rest : List.of("/manifests/v1", "/manifests/absent", "/blobs/" + BLOB, "/blobs/" + ABSENT, "/tags/list",
        "/referrers/" + IMAGE)) {
      String there = weir.ask("nobody", "GET", "/v2/team/app" + rest).text();
      String absent = weir.ask("nobody", "GET", "/v2/team/abs" + rest).text();
      assertThat(there.replaceAll("\"request\":\"\\w+\"", "")).as(rest)
          .isEqualTo(absent.replace("team/abs", "team/app").replaceAll("\"request\":\"\\w+\"", ""));
    }
  }

  @Test
  void metricsAreForAdministrators() throws Exception {
    assertThat(weir.ask("root", "GET", "/metrics").text()).contains("# HELP");
    assertThat(weir.ask("alice", "GET", "/metrics").status()).isEqualTo(403);
    assertThat(weir.ask("-", "GET", "/metrics").status()).isEqualTo(401);
  }
}
