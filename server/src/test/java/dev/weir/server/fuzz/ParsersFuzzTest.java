package dev.weir.server.fuzz;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.Passwords;
import dev.weir.auth.RepositoryPattern;
import dev.weir.server.net.IpAddress;
import dev.weir.server.net.Network;
import dev.weir.server.oci.ByteRange;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.OciRequestParser;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Everything that reads what somebody else wrote gives a value that keeps its promises, or says no in its own words. */
class ParsersFuzzTest {
  private static final Path ROOT = Path.of("/root/of/it");

  @Test
  void addressesBecomeRequestsOrOciErrors() {
    Fuzzing.run(8, noise -> {
      String path = "/v2/" + noise.repository()
          + noise.like("/manifests/" + noise.reference(), "/blobs/" + noise.digest(), "/blobs/uploads/", "/tags/list",
              "/blobs/uploads/00000000-0000-0000-0000-000000000000", "/referrers/" + noise.digest());
      Map<String, String> query = new HashMap<>();
      for (String name : new String[]{"n", "last", "digest", "mount", "from", "ns", "_state", "artifactType"}) {
        if (noise.in(3)) {
          query.put(name, noise.of(noise.digest(), noise.repository(), noise.like("10", "0", "-1")));
        }
      }
      try {
        OciRequest request = OciRequestParser.parse(noise.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "get"),
            path, query);
        if (request instanceof OciRequest.InRepository in) {
          staysInside(in.repository().name().value());
        }
      } catch (RegistryException e) {
        assertThat(e.status()).isBetween(400, 499);
      }
    });
  }

  private static void staysInside(String below) {
    Path there = ROOT.resolve(new ObjectKey(below).value());
    assertThat(there.normalize().startsWith(ROOT) && there.normalize().equals(there)).as(below).isTrue();
  }

  @Test
  void namesAndDigestsAreWhatTheySay() {
    Fuzzing.run(4, noise -> {
      String name = noise.repository();
      String reference = noise.reference();
      try {
        assertThat(RepositoryName.parse(name)).hasToString(name);
        staysInside(name);
        assertThat(Reference.parse(reference)).hasToString(reference);
        staysInside(reference);
        assertThat(Digest.parse(reference)).hasToString(reference);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).hasSizeLessThan(1000);
      }
      try {
        var _ = RepositoryPattern.parse(noise.like("a/**", "**", "*", "team/*/x")).toString();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotNull();
      }
    });
  }

  @Test
  void rangesLieWithinTheBlob() {
    Fuzzing.run(3, noise -> {
      long size = noise.of(0L, 1L, 10L, Long.MAX_VALUE);
      try {
        Optional<ByteRange> range = ByteRange.parse(noise.range(), size);
        range.ifPresent(given -> assertThat(given.from() >= 0 && given.from() < given.end() && given.end() <= size)
            .as(given.toString()).isTrue());
      } catch (RegistryException e) {
        assertThat(e.status()).isEqualTo(416);
      }
    });
  }

  @Test
  void manifestsAreReadOrRefused() {
    Fuzzing.run(8, noise -> {
      try {
        ManifestDocument document = ManifestDocument.parse(noise.manifest().getBytes(UTF_8));
        assertThat(ManifestDocument.isMediaType(document.mediaType())).isTrue();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotNull().hasSizeLessThan(2000);
      }
    });
  }

  @Test
  void addressesOfTheInternetAreReadWithoutAskingAnybody() {
    Fuzzing.run(2, noise -> {
      String text = noise.like("10.0.0.0/8", "fd00::/8", "192.0.2.9", "::1", "::ffff:1.2.3.4", "1::2:3.4.5.6/127");
      try {
        Network network = Network.parse(text);
        assertThat(network.contains(network.address())).isTrue();
        InetAddress again = IpAddress.parse(network.address().getHostAddress());
        assertThat(again).isEqualTo(network.address());
      } catch (IllegalArgumentException e) {
        assertThat(text).isNotIn("10.0.0.0/8", "fd00::/8");
      }
    });
  }

  @Test
  void passwordFilesAreReadLineByLine(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("htpasswd");
    Fuzzing.run(10, noise -> {
      byte[] content = (noise.htpasswd() + noise.htpasswd()).getBytes(UTF_8);
      Files.write(file, noise.in(4) ? noise.damaged(content) : content);
      try (Passwords passwords = new Passwords(file, InstantSource.system(), PasswordsSaid::nothingSecret)) {
        assertThat(passwords.users()).isBetween(0, 1000);
      } catch (java.io.IOException e) {
        PasswordsSaid.nothingSecret(String.valueOf(e.getMessage()));
      }
    });
  }

  private static final class PasswordsSaid {
    static void nothingSecret(String sentence) {
      assertThat(sentence).doesNotContainPattern("[./A-Za-z0-9$]{40}");
    }
  }
}
