package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The keys that releases are signed with, as a person configured them: never any that came with what they are to check. Read
 * anew each time. It names no class of OpenPGP's itself: those come in a signed jar, which Java would check at every start of
 * weir, for a third of a second.
 *
 * @param files OpenPGP public keys, armored or not, any number in each
 */
public record ReleaseKeys(List<Path> files) {
  public ReleaseKeys {
    files = List.copyOf(files);
  }

  /** As {@link KeyRing#of}. */
  KeyRing read() throws IOException {
    return KeyRing.of(files);
  }
}
