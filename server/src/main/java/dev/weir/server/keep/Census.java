package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory.Reading;
import dev.weir.storage.RepositoryName;

/** What all manifests in the tree name, read one by one: the truth, as of the time it took. A few at once. */
public final class Census {
  private static final int AT_ONCE = 8;

  private final Content content;
  private final Set<Digest> linksWanted;
  private final Witness witness;
  @GuardedBy("this") private final Prints named = new Prints();
  @GuardedBy("this") private final Map<Digest, List<RepositoryName>> links = new HashMap<>();
  @GuardedBy("this") private final List<String> unreadable = new ArrayList<>();

  /** Told of each manifest that a repository has. By several threads at once. */
  @FunctionalInterface
  public interface Witness {
    Witness NONE = (name, manifest, keeping, reading) -> {};

    void saw(RepositoryName name, Digest manifest, Keeping keeping, Reading reading);
  }

  private Census(Content content, Set<Digest> linksWanted, Witness witness) {
    this.content = content;
    this.linksWanted = linksWanted;
    this.witness = witness;
  }

  /**
   * Reads all of it.
   *
   * @param content not out of a memory
   * @param linksWanted blobs of which it is to be known which repositories may give them out
   * @param progress whether to go on
   */
  public static Census of(Content content, Set<Digest> linksWanted, Progress progress, Witness witness)
      throws IOException {
    Census census = new Census(content, Set.copyOf(linksWanted), witness);
    census.count(progress);
    return census;
  }

  private void count(Progress progress) throws IOException {
    List<RepositoryName> names;
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      names = all.toList();
    }
    List<Boolean> _ = FewAtOnce.map(AT_ONCE, "read what manifests name", names, name -> count(name, progress));
  }

  private boolean count(RepositoryName name, Progress progress) throws IOException {
    if (progress.isStopping()) {
      throw new IOException("stopped");
    }
    Kept kept = Kept.of(content, name, revision -> false, witness);
    List<Digest> linked = linksWanted.isEmpty() ? List.of() : content.inventory().layers(name);
    note(name, kept, linked);
    return true;
  }

  private synchronized void note(RepositoryName name, Kept kept, Collection<Digest> linked) {
    kept.named().forEach(named::add);
    kept.unreadable().forEach(digest -> unreadable.add(name + "@" + digest));
    for (Digest digest : linked) {
      if (linksWanted.contains(digest)) {
        links.computeIfAbsent(digest, each -> new ArrayList<>()).add(name);
      }
    }
  }

  /** Now and then also one that is not. */
  public synchronized boolean isNamed(Digest blob) {
    return named.contains(blob);
  }

  /** The repositories that may give the blob out. */
  public synchronized List<RepositoryName> linking(Digest blob) {
    return List.copyOf(links.getOrDefault(blob, List.of()));
  }

  /** Manifests that are damaged: what they name is not known, so as long as there are any, nothing may go. */
  public synchronized List<String> unreadable() {
    return List.copyOf(unreadable);
  }
}
