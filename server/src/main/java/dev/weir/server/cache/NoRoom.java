package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** There is no room to keep something, and nothing that may go for it. What is held is served all the same. */
public final class NoRoom extends IOException {
  private static final long UNKNOWN = -1;

  /** In bytes. */
  private final long size;

  public NoRoom(String message) {
    this(message, UNKNOWN);
  }

  /** @param size of the blob that there is no room for, in bytes */
  public NoRoom(String message, long size) {
    super(message);
    this.size = size;
  }

  /** The size of the blob that there was no room for, if whoever failed for that knew it. */
  static OptionalLong sizeIn(Throwable failure) {
    return causes(failure).flatMapToLong(each -> each instanceof NoRoom full && full.size != UNKNOWN
        ? LongStream.of(full.size)
        : LongStream.empty()).findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /** Whether that is why something failed: our own bound, the disk's, or a quota. */
  public static boolean isWhy(Throwable failure) {
    return causes(failure).anyMatch(each -> each instanceof NoRoom || (each instanceof IOException io && isSaid(io)));
  }

  /** Java tells it by the system's words alone. */
  private static boolean isSaid(IOException failure) {
    String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    String words = String.valueOf(reason).toLowerCase(Locale.ROOT);
    return words.contains("no space left on device") || words.contains("quota exceeded");
  }
}
