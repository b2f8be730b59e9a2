package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** There is no room to keep something, and nothing that may go for it. What is held is served all the same. */
public final class NoRoom extends IOException {
  public NoRoom(String message) {
    super(message);
  }

  NoRoom(String message, IOException cause) {
    super(message, cause);
  }

  /** Whether that is why something failed: our own bound, the disk's, or a quota. */
  public static boolean isWhy(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(each -> each instanceof NoRoom || (each instanceof IOException io && isSaid(io)));
  }

  /** Java tells it by the system's words alone. */
  private static boolean isSaid(IOException failure) {
    String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    String words = String.valueOf(reason).toLowerCase(Locale.ROOT);
    return words.contains("no space left on device") || words.contains("quota exceeded");
  }
}
