package dev.weir.server.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.server.openshift.Emitted;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

/** A folder that files are written into, each whole or not at all. */
record OutputFolder(Path folder) {
  private static final FileAttribute<?> FOR_ME = PosixFilePermissions
      .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> FOR_ALL = PosixFilePermissions
      .asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  /** @param told of each file */
  void write(List<Emitted> files, Consumer<String> told) throws IOException {
    refuseOthers(files);
    for (Emitted file : files) {
      Path target = folder.resolve(file.path());
      try {
        Files.createDirectories(target.toAbsolutePath().getParent());
        write(target, file);
      } catch (IOException e) {
        throw new IOException("write " + target + ": " + e, e);
      }
      told.accept("wrote " + target);
    }
  }

  /** What an earlier run wrote for other purposes would be applied with the rest. */
  private void refuseOthers(List<Emitted> files) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Set<Path> ours = files.stream().map(file -> folder.resolve(file.path()).normalize()).collect(Collectors.toSet());
    try (Stream<Path> held = Files.walk(folder)) {
      Optional<Path> other = held.filter(file -> !Files.isDirectory(file))
          .filter(file -> !ours.contains(file.normalize()) && !file.toString().endsWith(".new")).sorted().findFirst();
      if (other.isPresent()) {
        throw new IOException("nothing was written: " + other.get()
            + " is there and not among what would be written now; empty that folder, or name another by --to");
      }
    }
  }

  private static void write(Path target, Emitted file) throws IOException {
    Path fresh = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel out = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), file.secret() ? FOR_ME : FOR_ALL)) {
      ByteBuffer bytes = ByteBuffer.wrap(file.text().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
