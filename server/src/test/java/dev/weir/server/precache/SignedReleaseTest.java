package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class SignedReleaseTest {
  private static final TestKey KEY = TestKey.create();
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final TestKey.Signing SIGNING = TestKey.Signing.of(DIGEST, "quay.io/a/b:4.10.18-x86_64");

  @TempDir private Path folder;

  private SignedRelease check(byte[] message) throws IOException {
    return SignedRelease.check(message, new ReleaseKeys(List.of(KEY.writeTo(folder.resolve("key.asc")))).read(),
        Instant.now());
  }

  @Test
  void aSignatureOfVersionThreeIsAsGoodAsOneOfVersionFour() throws IOException {
    byte[] old = KEY.signOld(SIGNING.plain());
    assertThat(HexFormat.of().formatHex(old)).as("begins its signature as Red Hat's do").contains("03" + "05" + "00");
    assertThat(check(old).digest()).isEqualTo(DIGEST);
    assertThat(check(KEY.sign(SIGNING)).digest()).isEqualTo(DIGEST);
  }

  @Test
  void messagesThatAreMadeUpAreRefusedWithASentenceWhateverTheyAre() throws IOException {
    byte[] message = KEY.sign(SIGNING.plain());
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      byte[] altered = message.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(check(altered).digest()).isEqualTo(DIGEST);
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void aSignatureThatClaimsToBeLargerThanAllMemoryIsRefused() {
    for (int version : new int[]{5, 6}) {
      byte[] message = {(byte) 0xC2, 20, (byte) version, 0, 1, 8, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xf0, 1, 2, 3,
          4,
          5, 6, 7, 8, 9, 10, 11, 12};
      assertThatIOException().isThrownBy(() -> check(message));
    }
  }

  @Test
  void aMessageThatUnpacksBeyondAllMeasureIsReadNoFurther() {
    assertThatIOException().isThrownBy(() -> check(KEY.bomb(20_000))).withMessageContaining("unpacks to more");
  }
}
