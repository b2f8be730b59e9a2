package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.weir.server.archive.OcTree;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** The tree that {@code oc image mirror --from-dir} reads. A blob that several repositories have lies in it once, with a link for each. */
public final class OcDirExport implements Export {
  private final Path folder;

  public OcDirExport(Path folder) {
    this.folder = folder;
  }

  @Override
  public Report write(Held held, Cargo cargo, Progress.Shown shown) throws IOException {
    Files.createDirectories(folder);
    Room.require(folder, lacking(cargo));
    Run run = new Run(held, cargo, new BlobFiles(held, new Progress(cargo.bytes(), shown)));
    for (Map.Entry<RepositoryName, Cargo.Repository> each : cargo.repositories().entrySet()) {
      run.write(each.getKey(), each.getValue());
    }
    for (Map.Entry<RepositoryName, Cargo.Repository> each : cargo.repositories().entrySet()) {
      run.name(each.getKey(), each.getValue());
    }
    for (Map.Entry<String, String> each : SignatureMaps.of(cargo).entrySet()) {
      Path file = folder.resolve(each.getKey());
      Files.createDirectories(file.toAbsolutePath().getParent());
      Durable.write(file, each.getValue());
    }
    return new Report("oc-dir:" + folder, cargo.images().size(), cargo.pieces().size(), cargo.bytes(), 0,
        run.files.written(), List.of(),
        Stream.concat(cargo.missing().stream(), run.files.damaged().stream()).toList(), List.of());
  }

  private long lacking(Cargo cargo) throws IOException {
    long bytes = 0;
    for (Cargo.Piece piece : cargo.pieces().values()) {
      bytes += BlobFiles.isThere(folder.resolve(OcTree.blob(piece.within(), piece.digest())), piece) ? 0 : piece.size();
    }
    return bytes;
  }

  /** For one thread, once. */
  private final class Run {
    private final Cargo cargo;
    private final BlobFiles files;
    private final Closed closed;
    /** Where each blob lies first. */
    private final Map<Digest, Path> places = new HashMap<>();

    Run(Held held, Cargo cargo, BlobFiles files) {
      this.cargo = cargo;
      this.files = files;
      this.closed = new Closed(held, cargo, files);
    }

    /** Blobs and manifests, as blobs. */
    void write(RepositoryName name, Cargo.Repository repository) throws IOException {
      for (String layer : repository.layers()) {
        boolean _ = blob(name, Digest.parse(layer));
      }
      for (String manifest : repository.manifests().keySet()) {
        boolean _ = blob(name, Digest.parse(manifest));
      }
    }

    /** By digest, then by tag, once all is written: nothing has a name that lacks something. */
    void name(RepositoryName name, Cargo.Repository repository) throws IOException {
      for (String manifest : repository.manifests().keySet()) {
        Digest digest = Digest.parse(manifest);
        if (closed.is(name, digest)) {
          link(folder.resolve(OcTree.revision(name, digest)), folder.resolve(OcTree.blob(name, digest)));
        }
      }
      for (Map.Entry<Tag, Digest> each : repository.tags().entrySet()) {
        if (closed.is(name, each.getValue())) {
          tag(folder.resolve(OcTree.tag(name, each.getKey())), each.getValue());
        }
      }
      for (String each : List.of("blobs", "manifests")) {
        Path written = folder.resolve(OcTree.ROOT + name).resolve(each);
        if (Files.isDirectory(written)) {
          Durable.sync(written);
        }
      }
    }

    private boolean blob(RepositoryName name, Digest digest) throws IOException {
      Cargo.Piece piece = cargo.piece(digest).orElseThrow();
      Path file = folder.resolve(OcTree.blob(name, digest));
      Path first = places.get(digest);
      if (first != null && !file.equals(first) && !isSameOrWhole(file, first, piece)) {
        link(file, first);
        return true;
      }
      boolean isThere = first != null || files.write(piece, file);
      if (isThere) {
        places.putIfAbsent(digest, file);
      }
      return isThere;
    }
  }

  private static boolean isSameOrWhole(Path file, Path first, Cargo.Piece piece) throws IOException {
    return Files.exists(file) && (Files.isSameFile(file, first) || BlobFiles.isWhole(file, piece));
  }

  /** Where the file system has no hard links, a copy does as well. */
  private static void link(Path file, Path existing) throws IOException {
    if (Files.exists(file) && Files.isSameFile(file, existing)) {
      return;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = Durable.unfinished(file);
    Files.deleteIfExists(fresh);
    try {
      Files.createLink(fresh, existing);
    } catch (IOException | UnsupportedOperationException e) {
      Durable.write(file, out -> Files.copy(existing, out));
      return;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void tag(Path file, Digest digest) throws IOException {
    Path target = Path.of(digest.toString());
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.isSymbolicLink(file)
        && Files.readSymbolicLink(file).equals(target)) {
      return;
    }
    Path fresh = Durable.unfinished(file);
    Files.deleteIfExists(fresh);
    try {
      Files.createSymbolicLink(fresh, target);
    } catch (IOException | UnsupportedOperationException e) {
      throw new IOException(file + " cannot be made, for oc's tree has a symbolic link for each tag, and this file"
          + " system seems to have none (" + e.getMessage() + "); write it elsewhere and carry a tar of it", e);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
