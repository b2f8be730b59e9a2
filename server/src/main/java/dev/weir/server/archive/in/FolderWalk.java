package dev.weir.server.archive.in;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

import dev.weir.server.archive.OcTree;

/** Walks through a directory. Links are followed to files within it alone. */
final class FolderWalk {
  private final Path root;
  private final Path real;
  private final String before;
  private final TarWalk.Reader reader;
  private final Notes notes;

  private FolderWalk(Path root, Path real, TarWalk.Reader reader, Notes notes) {
    this.root = root;
    this.real = real;
    this.before = before(real.toString());
    this.reader = reader;
    this.notes = notes;
  }

  static void of(Path root, TarWalk.Reader reader, Notes notes) throws IOException {
    FolderWalk walk = new FolderWalk(root, root.toRealPath(), reader, notes);
    Files.walkFileTree(walk.real, walk.visitor());
  }

  /** Where one stands within a tree, what lies above says what it is. */
  private static String before(String path) {
    for (String inside : new String[]{"docker/registry/v2", "docker/registry", "docker", "v2"}) {
      if (path.endsWith("/" + inside)) {
        return inside + "/";
      }
    }
    return "";
  }

  private SimpleFileVisitor<Path> visitor() {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        String path = before + real.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        if (attributes.isSymbolicLink()) {
          link(path, file);
        } else if (attributes.isRegularFile()) {
          take(new Member(path, "", new FilePart(file, 0, attributes.size()), true));
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) {
        notes.skip(file.toString(), "it cannot be read: " + failure);
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private void link(String path, Path file) throws IOException {
    String text = Files.readSymbolicLink(file).toString();
    Path target;
    try {
      target = file.toRealPath();
    } catch (IOException e) { // broken, or in a circle
      take(new Member(path, text, new Bytes(new byte[0]), true));
      return;
    }
    if (OcTree.pointed(text).isPresent()) {
      take(new Member(path, text, new Bytes(new byte[0]), true));
    } else if (!target.startsWith(real)) {
      notes.skip(path, "it is a link that leads out of " + root + ", to " + Notes.printable(text));
    } else if (Files.isRegularFile(target)) {
      take(new Member(path, "", new FilePart(target, 0, Files.size(target)), true));
    }
  }

  /** One file that cannot be read is not the end of the others. */
  private void take(Member member) throws IOException {
    try {
      reader.take(member);
    } catch (Damaged e) {
      notes.skip(member.path(), String.valueOf(e.getMessage()));
    }
  }
}
