package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.server.archive.out.ArchiveExport;
import dev.weir.server.archive.out.Export;
import dev.weir.server.archive.out.FolderLock;
import dev.weir.server.archive.out.OcDirExport;
import dev.weir.server.archive.out.OciExport;
import dev.weir.server.archive.out.PrecacheExport;
import dev.weir.server.archive.out.Precached;
import dev.weir.server.archive.out.SigningKey;
import dev.weir.server.config.ByteSize;

/** Where an export goes: {@code FORMAT:FOLDER}. */
record ExportTarget(Format format, Path folder) {
  /** Spelled as on the command line, with a dash for the line below. */
  enum Format {
    ARCHIVE, OC_DIR, OCI, PRECACHE;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What was said of it.
   *
   * @param without digests of what the other side has
   * @param request which images are to be in it, and which not
   */
  record Said(@Nullable String split, Set<String> without, @Nullable String sign, String request) {}

  /** Names the images of a precaching folder. */
  @FunctionalInterface
  interface Naming {
    List<Precached> names() throws IOException;
  }

  /** @throws IllegalArgumentException if it is none; the message says what would be */
  static ExportTarget parse(String text) {
    for (Format format : Format.values()) {
      String prefix = format.word() + ":";
      if (text.startsWith(prefix) && text.length() > prefix.length()) {
        return new ExportTarget(format, Path.of(text.substring(prefix.length())));
      }
    }
    throw new IllegalArgumentException("--to " + text + " says no format and folder, such as "
        + Stream.of(Format.values()).map(each -> each.word() + ":FOLDER").collect(Collectors.joining(", ")));
  }

  /** Until it is closed no other export writes there. */
  FolderLock lock() throws IOException {
    return FolderLock.take(folder);
  }

  Export export(Said said, Naming naming) throws IOException {
    if (format != Format.ARCHIVE && (said.split() != null || said.sign() != null || !said.without().isEmpty())) {
      throw new IllegalArgumentException("--split, --since and --sign go with archive:FOLDER alone");
    }
    return switch (format) {
      case OC_DIR -> new OcDirExport(folder);
      case OCI -> new OciExport(folder);
      case PRECACHE -> new PrecacheExport(folder, naming.names());
      case ARCHIVE -> new ArchiveExport(folder, split(said.split()), said.without(),
          said.sign() == null ? Optional.empty() : Optional.of(SigningKey.read(Path.of(said.sign()))),
          said.request());
    };
  }

  private static long split(@Nullable String text) {
    if (text == null) {
      return Long.MAX_VALUE;
    }
    try {
      long bytes = ByteSize.parse(text).bytes();
      if (bytes == 0) {
        throw new IllegalArgumentException("nothing is smaller than that");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--split " + text + ": " + e.getMessage(), e);
    }
  }
}
