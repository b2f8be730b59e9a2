package dev.weir.server.wiring;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What this weir is called in {@code Via}: made up at each start. It tells nothing of the host, and a copy of the data makes
 * no two weirs the same; a request that goes round is over before a start.
 */
final class Instance {
  private static final int BYTES = 8;

  private Instance() {}

  static String name() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return "weir-" + HexFormat.of().formatHex(random);
  }
}
