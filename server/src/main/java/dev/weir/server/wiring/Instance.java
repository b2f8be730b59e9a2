package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What this weir is called in {@code Via}: made up once and kept with its data, so that it tells nothing of the host. */
final class Instance {
  private static final Pattern NAME = Pattern.compile("weir-[0-9a-f]{16}");
  private static final int BYTES = 8;

  private Instance() {}

  static String of(Path root) throws IOException {
    Path file = root.resolve("weir/instance");
    String kept = Files.exists(file) ? Files.readString(file).strip() : "";
    return NAME.matcher(kept).matches() ? kept : create(file);
  }

  private static String create(Path file) throws IOException {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String name = "weir-" + HexFormat.of().formatHex(random);
    Path fresh = file.resolveSibling("instance.new");
    Files.writeString(fresh, name + "\n");
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    return name;
  }
}
