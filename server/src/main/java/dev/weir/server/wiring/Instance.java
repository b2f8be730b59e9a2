package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What this weir is called in {@code Via}: made up at each start. It tells nothing of the host, and a copy of the data makes
 * no two weirs the same; a request that goes round is over before a start.
 */
final class Instance {
  private static final int BYTES = 8;
  private static final Pattern KEPT = Pattern.compile("weir-[0-9a-f]{16}");

  private Instance() {}

  /** What the directory is called that this weir alone works in: made up once, and kept there. */
  static String place(Path root) throws IOException {
    Path file = root.resolve("weir/place");
    if (!Files.isRegularFile(file) || !KEPT.matcher(Files.readString(file)).matches()) {
      Files.writeString(file, name());
    }
    return Files.readString(file);
  }

  static String name() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return "weir-" + HexFormat.of().formatHex(random);
  }

  /** The same for the owner of the bucket, who may know on which host, or in which pod, it runs. */
  static String name(String instance, Map<String, String> environment) {
    String host = environment.getOrDefault("HOSTNAME", "").replaceAll("[^A-Za-z0-9.-]", "");
    return host.isEmpty() ? instance : host + "/" + instance;
  }
}
