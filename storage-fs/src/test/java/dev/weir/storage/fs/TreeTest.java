package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What would be lost in a power cut, told from the directories that were synced and what they held at that moment. */
class TreeTest {
  @TempDir Path root;

  private final List<String> synced = new ArrayList<>();
  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.createFile(root.resolve("file"));
  }

  @Test
  void everyNewDirectoryIsMadeDurableInTheOneAbove() throws IOException {
    tree().place(file, root.resolve("a/b/c/link"));
    assertThat(synced).containsExactly("a/b/c [link]", "a/b [c]", "a [b]", " [a]");
  }

  @Test
  void inADirectoryThatWasThereOneSyncIsEnough() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    tree().place(file, root.resolve("a/b/link"));
    assertThat(synced).containsExactly("a/b [link]");
  }

  @Test
  void aDirectoryThatAnotherIsJustCreatingIsMadeDurableByBoth() throws IOException {
    Path second = Files.createFile(root.resolve("second"));
    List<Tree> tree = new ArrayList<>();
    tree.add(new Tree(root, directory -> {
      record(directory);
      if (synced.size() == 1) {
        tree.getFirst().place(second, root.resolve("a/b/second"));
      }
    }));
    tree.getFirst().place(file, root.resolve("a/b/first"));
    assertThat(synced).containsExactly("a/b [first]", "a/b [first second]", "a [b]", " [a]", "a [b]", " [a]");
  }

  @Test
  void whatIsSeenBeforeItsWriterIsDoneIsMadeDurableFirst() throws IOException {
    List<Tree> tree = new ArrayList<>();
    tree.add(new Tree(root, directory -> {
      record(directory);
      if (synced.size() == 1) {
        tree.getFirst().ensureSettled(root.resolve("a/link"));
      }
    }));
    tree.getFirst().place(file, root.resolve("a/link"));
    assertThat(synced).containsExactly("a [link]", "a [link]", " [a]", " [a]");
    synced.clear();
    tree.getFirst().ensureSettled(root.resolve("a/link"));
    assertThat(synced).isEmpty();
  }

  @Test
  void aRemovalIsMadeDurableWhereItEnds() throws IOException {
    Files.createDirectories(root.resolve("a/b/c"));
    Files.createFile(root.resolve("a/other"));
    Files.createFile(root.resolve("a/b/c/link"));
    assertThat(tree().remove(root.resolve("a/b/c/link"))).isTrue();
    assertThat(synced).containsExactly("a [other]");
    assertThat(tree().remove(root.resolve("a/b/c/link"))).isFalse();
  }

  @Test
  void theRootStaysWhenAllElseGoes() throws IOException {
    Files.delete(file);
    Files.createDirectories(root.resolve("a"));
    Files.createFile(root.resolve("a/link"));
    tree().remove(root.resolve("a/link"));
    assertThat(synced).containsExactly(" []");
  }

  @Test
  void aFailedSyncIsTold() {
    Tree tree = new Tree(root, directory -> {
      throw new IOException("disk is gone");
    });
    assertThatThrownBy(() -> tree.place(file, root.resolve("a/link"))).hasMessage("disk is gone");
  }

  private Tree tree() {
    return new Tree(root, this::record);
  }

  private void record(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      List<String> names = entries.map(entry -> entry.getFileName().toString())
          .filter(name -> !name.equals("file") && !(directory.equals(root) && name.equals("second"))).sorted().toList();
      synced.add(root.relativize(directory) + " [" + String.join(" ", names) + "]");
    }
  }
}
