package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens what is named on the command line, and looks what it is. */
final class Sources {
  private static final List<String> TRANSPORTS = List.of("dir:", "oci:", "oci-archive:", "docker-archive:");
  private static final String KNOWN = "a registry's data (docker/registry/v2/), a tree of oc --to-dir or of oc-mirror"
      + " (v2/NAME/blobs/), a layout of skopeo (index.json or manifest.json), a precaching folder (ai-images.txt,"
      + " ocp-images.txt or mapping.txt beside *.tgz), or a tar of one of them";

  private final Found found;
  private final Signatures signatures;
  private final Optional<NamedImage> as;
  private final Watch watch;

  Sources(Found found, Signatures signatures, Optional<NamedImage> as, Watch watch) {
    this.found = found;
    this.signatures = signatures;
    this.as = as;
    this.watch = watch;
  }

  /** @throws IOException if it is nothing that we know, or cannot be opened, or the target cannot be had */
  void read(String given) throws IOException {
    if (given.equals("-")) {
      Sorter sorter = sorter();
      archive("standard input", 0, sorter, passing -> TarWalk.stream(input(), sorter, passing));
      require(sorter, "standard input");
      return;
    }
    Path path = path(given);
    if (Files.isDirectory(path)) {
      folder(path);
    } else {
      file(path);
    }
  }

  /** @throws IOException if there is no such thing: better known before the first of many disks was read */
  static void require(String given) throws IOException {
    if (!given.equals("-")) {
      path(given);
    }
  }

  private static InputStream input() {
    return System.in;
  }

  private static Path path(String given) throws IOException {
    String plain = TRANSPORTS.stream().filter(given::startsWith).findFirst()
        .map(transport -> given.substring(transport.length())).orElse(given);
    Path path = Path.of(plain);
    if (!Files.exists(path)) {
      int colon = plain.lastIndexOf(':');
      boolean isTagged = !plain.equals(given) && colon > 0 && Files.exists(Path.of(plain.substring(0, colon)));
      throw new IOException(isTagged
          ? "there is no " + path + "; leave out what comes after " + plain.substring(0, colon)
              + ": all that it holds is imported, and --as says under which name"
          : "there is no " + path);
    }
    if (!Files.isReadable(path)) {
      throw new IOException("cannot read " + path);
    }
    return path;
  }

  private void folder(Path folder) throws IOException {
    if (Precached.is(folder)) {
      new Precached(folder, found, signatures, watch).read();
      return;
    }
    List<Path> archives;
    try (Stream<Path> all = Files.list(folder)) {
      archives = all.filter(file -> file.getFileName().toString().matches("mirror_.*\\.tar(\\.gz|\\.zst)?")).sorted()
          .toList();
    }
    for (Path archive : archives) {
      file(archive);
    }
    Sorter sorter = sorter();
    watch.at(0, 0, "looking through " + folder);
    FolderWalk.of(folder, sorter, found.notes());
    try {
      if (!sorter.finish() && archives.isEmpty()) {
        throw unknown(folder.toString());
      }
    } catch (Damaged e) {
      found.notes().skip(folder.toString(), String.valueOf(e.getMessage()));
    }
  }

  private void file(Path file) throws IOException {
    Sorter sorter = sorter();
    int before = found.notes().skipped().size();
    archive(file.toString(), size(file), sorter, passing -> TarWalk.file(file, sorter, passing));
    if (found.notes().skipped().size() == before) {
      require(sorter, file.toString());
    } else {
      finish(sorter, file.toString());
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) { // whoever reads it says so
      return 0;
    }
  }

  private Sorter sorter() {
    return new Sorter(found, signatures, as);
  }

  private void require(Sorter sorter, String source) throws IOException {
    boolean isKnown;
    try {
      isKnown = sorter.finish();
    } catch (Damaged e) {
      found.notes().skip(source, String.valueOf(e.getMessage()));
      return;
    }
    if (!isKnown) {
      throw unknown(source);
    }
  }

  private void finish(Sorter sorter, String source) throws IOException {
    try {
      sorter.finish();
    } catch (Damaged e) {
      found.notes().skip(source, String.valueOf(e.getMessage()));
    }
  }

  private static IOException unknown(String source) {
    return new IOException(source + " is nothing that can be imported: it holds neither of " + KNOWN);
  }

  /** Reads an archive. */
  @FunctionalInterface
  private interface Walk {
    void with(TarWalk.Passing passing) throws IOException;
  }

  /** What came before the damage goes in. */
  private void archive(String name, long size, Sorter sorter, Walk walk) throws IOException {
    try {
      walk.with(bytes -> watch.at(Math.min(bytes, size), size, name));
    } catch (Damaged e) {
      found.notes().skip(name, sorter.isArchive()
          ? "it cannot be read to its end: " + e.getMessage()
          : "it is no tar archive, nor one that is compressed with gzip or zstd: " + e.getMessage());
    }
  }
}
