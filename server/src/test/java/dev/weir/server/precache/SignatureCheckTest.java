package dev.weir.server.precache;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class SignatureCheckTest {
  private static final TestKey KEY = TestKey.create();
  private static final Digest RELEASE = Digest.sha256("release".getBytes(UTF_8));
  private static final List<URI> STORES = List.of(URI.create("https://bad.test/s"), URI.create("https://good.test/s"));

  @TempDir private Path folder;

  private SignedRelease find(String asked, SignatureCheck.WebFile web) throws IOException {
    SignatureCheck check = new SignatureCheck(new ReleaseKeys(List.of(KEY.writeTo(folder.resolve("key.asc")))), STORES,
        web, new ReleaseSignatures(new InMemoryObjectStore()), InstantSource.system());
    return check.find("the release", Tag.parse(asked), RELEASE);
  }

  private static Optional<byte[]> signedAs(String tag, URI address) {
    return address.getPath().endsWith("signature-1")
        ? Optional.of(KEY.sign(TestKey.Signing.of(RELEASE.toString(), "quay.io/a/b:" + tag)))
        : Optional.empty();
  }

  @Test
  void aStoreThatFailsAsNobodyForesawKeepsNoOtherFromBeingAsked() throws IOException {
    SignedRelease found = find("4.16.17-x86_64", (address, most) -> {
      if (address.getHost().equals("bad.test")) {
        throw new IllegalStateException("nobody foresaw this");
      }
      return signedAs("4.16.17-x86_64", address);
    });
    assertThat(found.digest()).isEqualTo(RELEASE.toString());
  }

  @ParameterizedTest
  @CsvSource({"4.16.17-x86_64, 4.16.17-x86_64", "4.16.17-amd64, 4.16.17-x86_64", "4.16.17-aarch64, 4.16.17-arm64",
      "4.16.17, 4.16.17-x86_64", "4.16.17-multi-x86_64, 4.16.17-x86_64", "latest, 4.16.17-x86_64"})
  void aSignatureForTheArchitectureThatWasAskedForIsGood(String asked, String signed) throws IOException {
    assertThat(find(asked, (address, most) -> signedAs(signed, address)).digest()).isEqualTo(RELEASE.toString());
  }

  @ParameterizedTest
  @CsvSource({"4.16.17-x86_64, 4.16.17-aarch64, 'is one for aarch64, and not for x86_64'",
      "4.16.17-multi, 4.16.17-amd64, 'is one for x86_64, and not for multi'"})
  void oneForAnotherArchitectureIsNot(String asked, String signed, String why) {
    assertThatIOException().isThrownBy(() -> find(asked, (address, most) -> signedAs(signed, address)))
        .withMessageContaining(why);
  }
}
