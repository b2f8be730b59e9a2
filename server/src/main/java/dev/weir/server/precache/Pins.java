package dev.weir.server.precache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Named sets of images that are never evicted; one image may be in several. What counts is the mark beside each revision, which
 * holds the names; {@code weir/pins/<name>} lists what a set is made of, and is made anew from the marks where all of these are
 * gone. Thread-safe.
 */
public final class Pins {
  private static final Logger LOG = LoggerFactory.getLogger(Pins.class);
  private static final ObjectKey ALL = new ObjectKey("weir/pins");
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

  private final ObjectStore store;
  private final Content content;
  private final Precache.Claiming claim;
  /** Over the small files of a whole set, so that two changes of one come one after the other. */
  private final ReentrantLock lock = new ReentrantLock();

  public Pins(ObjectStore store, Content content) {
    this(store, content, image -> {});
  }

  /** @param claim keeps others, who may be about to let an image go, from taking the mark with it */
  public Pins(ObjectStore store, Content content, Precache.Claiming claim) {
    this.store = store;
    this.content = content;
    this.claim = claim;
  }

  /**
   * An image of a set.
   *
   * @param asked as somebody asked for it; empty: nobody remembers
   */
  public record Member(String image, String asked) {
    static Member of(RepositoryName name, Digest digest, String asked) {
      return new Member(name + "@" + digest, asked);
    }

    RepositoryName name() {
      return RepositoryName.parse(image.substring(0, image.indexOf('@')));
    }

    Digest digest() {
      return Digest.parse(image.substring(image.indexOf('@') + 1));
    }

    /** One, whatever it was asked for as. */
    private String line() {
      return image + " " + BREAKS.matcher(asked).replaceAll(" ");
    }

    /** Empty: it is no image. */
    private static Optional<Member> parse(String line) {
      int space = line.indexOf(' ');
      Member member = space < 0
          ? new Member(line, "")
          : new Member(line.substring(0, space), line.substring(space + 1));
      try {
        return Optional.of(Member.of(member.name(), member.digest(), member.asked()));
      } catch (RuntimeException e) {
        LOG.warn("a line of a pinned set is passed over, for it names no image: {}", e.getMessage());
        return Optional.empty();
      }
    }
  }

  /** Whether an image of a set is kept for it. */
  public enum State {
    /** It is here, and its mark has the set's name. */
    PINNED,
    /** It is here, and may be evicted: its mark was lost. */
    UNMARKED,
    /** It is not here. */
    ABSENT
  }

  /** An image of a set, as it is now. */
  public record Image(String image, String asked, State state) {
    private Digest digest() {
      return new Member(image, asked).digest();
    }
  }

  /**
   * A set.
   *
   * @param absent so many of its images are not here
   * @param unmarked so many are here and not kept
   * @param bytes of all that its images are made of, as far as it is here
   */
  public record Pin(String name, int images, int absent, int unmarked, long bytes) {}

  /** All there are, by name. */
  public record Listing(List<Pin> pins) {}

  /** One, with what is in it. */
  public record Shown(String name, long bytes, List<Image> images) {}

  /**
   * What one set has that another has not.
   *
   * @param both how many images are in both
   * @param absent how many of all these images are not here, so that nobody knows what they are made of
   * @param addedBytes of blobs that only {@code to} needs
   */
  public record Difference(String from, String to, int both, int absent, List<Image> removed, List<Image> added,
      long removedBytes, long addedBytes) {}

  /** What became of a set that was dropped: of its images, how many others still hold. */
  public record Dropped(String name, int images, int stillPinned) {}

  /**
   * Adds images to a set, new if need be.
   *
   * @return those that could not be: they are not here
   */
  List<Member> add(String name, Collection<Member> members) throws IOException {
    lock.lock();
    try {
      recover();
      Map<String, Member> all = new LinkedHashMap<>();
      read(name).ifPresent(before -> before.forEach(member -> all.put(member.image(), member)));
      members.forEach(member -> all.put(member.image(), member));
      write(name, all.values()); // first, so that no mark is there that no list knows
      List<Member> absent = new ArrayList<>();
      for (Member member : members) {
        claim.claim(member.digest());
        if (!content.manifests().pin(member.name(), member.digest(), name)) {
          absent.add(member);
        }
      }
      return absent;
    } finally {
      lock.unlock();
    }
  }

  public Listing list() throws IOException {
    List<Pin> found = new ArrayList<>();
    for (String name : names()) {
      List<Member> members = require(name);
      List<Image> images = images(name, members);
      found.add(new Pin(name, members.size(), count(images, State.ABSENT), count(images, State.UNMARKED),
          bytes(blobs(members).values())));
    }
    return new Listing(List.copyOf(found));
  }

  /** @throws RegistryException if there is none of that name */
  public Shown show(String name) throws IOException {
    List<Member> members = require(name);
    return new Shown(name, bytes(blobs(members).values()), images(name, members));
  }

  /** What going from one set to another would add, and what it would leave behind. */
  public Difference compare(String from, String to) throws IOException {
    List<Member> before = require(from);
    List<Member> after = require(to);
    Set<Digest> known = digests(before);
    Set<Digest> wanted = digests(after);
    Map<Digest, Long> old = blobs(before);
    Map<Digest, Long> fresh = blobs(after);
    List<Image> removed = images(from, before.stream().filter(member -> !wanted.contains(member.digest())).toList());
    List<Image> all = images(to, after);
    List<Image> added = all.stream().filter(image -> !known.contains(image.digest())).toList();
    return new Difference(from, to, (int) known.stream().filter(wanted::contains).count(),
        count(removed, State.ABSENT) + count(all, State.ABSENT), removed, added, bytesBeside(old, fresh),
        bytesBeside(fresh, old));
  }

  /** The set is no more; what no other holds may be evicted from now on. */
  public Dropped drop(String name) throws IOException {
    lock.lock();
    try {
      List<Member> members = require(name);
      int still = 0;
      for (Member member : members) {
        boolean _ = content.manifests().unpin(member.name(), member.digest(), name);
        still += content.manifests().isPinned(member.name(), member.digest()) ? 1 : 0;
      }
      store.delete(ALL.resolve(name));
      return new Dropped(name, members.size(), still);
    } finally {
      lock.unlock();
    }
  }

  private List<Image> images(String pin, List<Member> members) throws IOException {
    List<Image> found = new ArrayList<>();
    for (Member member : members) {
      found.add(new Image(member.image(), member.asked(), state(pin, member)));
    }
    return found;
  }

  private State state(String pin, Member member) throws IOException {
    if (!content.manifests().has(member.name(), member.digest())) {
      return State.ABSENT;
    }
    return content.manifests().pins(member.name(), member.digest()).contains(pin) ? State.PINNED : State.UNMARKED;
  }

  private static int count(List<Image> images, State state) {
    return (int) images.stream().filter(image -> image.state() == state).count();
  }

  private static Set<Digest> digests(List<Member> members) {
    Set<Digest> found = new HashSet<>();
    members.forEach(member -> found.add(member.digest()));
    return found;
  }

  private static long bytes(Collection<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  private static long bytesBeside(Map<Digest, Long> these, Map<Digest, Long> those) {
    return these.entrySet().stream().filter(each -> !those.containsKey(each.getKey()))
        .mapToLong(Map.Entry::getValue).sum();
  }

  /** Everything that images are made of, with its size, each once. */
  private Map<Digest, Long> blobs(List<Member> members) throws IOException {
    Map<Digest, Long> found = new LinkedHashMap<>();
    for (Member member : members) {
      addBlobs(member.digest(), found);
    }
    return found;
  }

  private void addBlobs(Digest manifest, Map<Digest, Long> found) throws IOException {
    long size = content.blobs().size(manifest).orElse(-1);
    if (size < 0 || found.putIfAbsent(manifest, size) != null) {
      return;
    }
    Optional<ManifestDocument> document = content.inventory().document(manifest);
    if (document.isPresent()) {
      for (Descriptor blob : document.get().blobs()) {
        content.blobs().size(blob.digest()).ifPresent(bytes -> found.put(blob.digest(), bytes));
      }
      for (Descriptor child : document.get().manifests()) {
        addBlobs(child.digest(), found);
      }
    }
  }

  private List<Member> require(String name) throws IOException {
    recover();
    Optional<List<Member>> found = name.isEmpty() || name.indexOf('/') >= 0 ? Optional.empty() : read(name);
    return found.orElseThrow(() -> new RegistryException(ErrorCode.NAME_UNKNOWN, "there is no pin '" + name + "'"));
  }

  private List<String> names() throws IOException {
    recover();
    try (Stream<ObjectStore.Child> children = store.children(ALL, "")) {
      return children.filter(child -> !child.isPrefix() && !child.name().startsWith(".")).map(ObjectStore.Child::name)
          .toList();
    }
  }

  private Optional<List<Member>> read(String name) throws IOException {
    return store.get(ALL.resolve(name))
        .map(text -> new String(text, UTF_8).lines().filter(line -> !line.isEmpty()).map(Member::parse)
            .flatMap(Optional::stream).toList());
  }

  private void write(String name, Collection<Member> members) throws IOException {
    StringBuilder text = new StringBuilder();
    members.forEach(member -> text.append(member.line()).append('\n'));
    store.putBytes(ALL.resolve(name), text.toString().getBytes(UTF_8));
  }

  /** Where nothing is written down, the marks say what there is; a set that nobody has is written as a file, too. */
  private void recover() throws IOException {
    lock.lock();
    try {
      ObjectKey known = ALL.resolve(".known");
      if (store.size(known).isPresent()) {
        return;
      }
      for (Map.Entry<String, List<Member>> each : marked().entrySet()) {
        if (store.size(ALL.resolve(each.getKey())).isEmpty()) {
          write(each.getKey(), each.getValue());
        }
      }
      store.putBytes(known, new byte[0]);
    } finally {
      lock.unlock();
    }
  }

  /** By the tree: slow. */
  private Map<String, List<Member>> marked() throws IOException {
    Map<String, List<Member>> found = new TreeMap<>();
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      for (RepositoryName name : (Iterable<RepositoryName>) all::iterator) {
        for (Inventory.Revision revision : content.inventory().revisions(name)) {
          if (revision.keeping() != Keeping.CACHED) {
            for (String pin : content.manifests().pins(name, revision.digest())) {
              found.computeIfAbsent(pin, fresh -> new ArrayList<>()).add(Member.of(name, revision.digest(), ""));
            }
          }
        }
      }
    }
    found.keySet().removeIf(pin -> !isName(pin));
    return found;
  }

  /** Others may have put anything there. */
  private static boolean isName(String pin) {
    try {
      return Order.requirePin(pin).equals(pin);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
