package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.weir.server.archive.Connection;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * What the sources hold, as far as they were read: which images by which names, and where the bytes of each blob are. Bytes
 * that pass by once go to the target at once: into the repository they belong to where that is known, otherwise into one
 * that is emptied at the end. So memory holds names alone. For one thread, but {@link #place} while nothing is added.
 */
final class Found {
  /** More than any disk's worth of images names; what comes of it must fit into memory. */
  private static final int MOST_BLOBS = 400_000;
  /** Copies of one blob that are kept in mind beside the first. */
  private static final int MOST_OTHERS = 3;

  private final Target target;
  private final Naming naming;
  private RepositoryName staging = RepositoryName.parse("weir-import/staging");
  private final Notes notes;
  private final Map<Digest, Place> places = new HashMap<>();
  private final Map<Digest, Deque<Connection.Body>> others = new HashMap<>();
  private final Map<Digest, RepositoryName> homes = new HashMap<>();
  private final Map<Digest, String> bad = new HashMap<>();
  private final Map<Digest, String> types = new HashMap<>();
  private final SortedMap<RepositoryName, Set<Digest>> images = new TreeMap<>();
  private final SortedMap<RepositoryName, SortedMap<Tag, Digest>> tags = new TreeMap<>();
  private final Set<Digest> staged = new LinkedHashSet<>();
  private int sent;
  private int present;
  private long sentBytes;

  Found(Target target, Naming naming, Notes notes) {
    this.target = target;
    this.naming = naming;
    this.notes = notes;
  }

  /** Before anything is taken: where what has no place yet goes. */
  void stageIn(RepositoryName name) {
    staging = name;
  }

  /** Where the bytes of a blob are. */
  sealed interface Place {
    /** In the source, to be read whenever it is wanted. */
    record Source(Connection.Body content) implements Place {}

    /** In a repository of the target. */
    record There(RepositoryName name, long bytes) implements Place {}
  }

  Notes notes() {
    return notes;
  }

  /** The repository a name of the source becomes; of what has no name that can be, empty, and noted. */
  Optional<RepositoryName> named(RepositoryName source) {
    try {
      return Optional.of(naming.of(source));
    } catch (IllegalArgumentException e) {
      notes.skip(source.value(), "with --map it would be " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A repository gives out this blob: where it may go when it comes by. */
  void belongs(RepositoryName source, Digest digest) {
    if (homes.size() < MOST_BLOBS && !homes.containsKey(digest)) {
      named(source).ifPresent(name -> homes.put(digest, name));
    }
  }

  /** A repository has this manifest. */
  void image(RepositoryName source, Digest manifest) {
    named(source).ifPresent(name -> images.computeIfAbsent(name, new_ -> new LinkedHashSet<>()).add(manifest));
    belongs(source, manifest);
  }

  /** A repository has this tag. */
  void tag(RepositoryName source, Tag tag, Digest manifest) {
    image(source, manifest);
    named(source).ifPresent(name -> {
      @Nullable
      Digest before = tags.computeIfAbsent(name, new_ -> new TreeMap<>()).put(tag, manifest);
      if (before != null && !before.equals(manifest)) {
        notes.remark(name + ":" + tag + " is there twice; it becomes the one that came later, " + manifest);
      }
    });
  }

  /** What a manifest is sent as, which it does not say itself. */
  void type(Digest manifest, String mediaType) {
    types.put(manifest, mediaType);
  }

  /** The bytes of a blob, which come by now. */
  void blob(Digest digest, Member member) throws IOException {
    if (places.containsKey(digest)) {
      another(digest, member);
      return;
    }
    if (places.size() == MOST_BLOBS) {
      throw new IOException("it holds more than " + MOST_BLOBS + " blobs, which is more than can be imported at once");
    }
    if (member.lasting()) {
      places.put(digest, new Place.Source(member.content()));
      bad.remove(digest);
    } else {
      take(digest, member);
    }
  }

  /** Should the first turn out to be damaged. */
  private void another(Digest digest, Member member) {
    if (member.lasting() && places.get(digest) instanceof Place.Source
        && (others.containsKey(digest) || others.size() < MOST_BLOBS)) {
      Deque<Connection.Body> all = others.computeIfAbsent(digest, new_ -> new ArrayDeque<>(1));
      if (all.size() < MOST_OTHERS) {
        all.add(member.content());
      }
    }
  }

  private void take(Digest digest, Member member) throws IOException {
    RepositoryName name = homes.getOrDefault(digest, staging);
    long length = member.content().length();
    try {
      if (target.hasBlob(name, digest, length) || target.mount(name, digest, Optional.empty(), length)) {
        present++;
      } else {
        target.putBlob(name, digest, member.content());
        sent(length);
      }
      arrived(digest, name, length);
    } catch (Target.Refused | Connection.Unreadable e) {
      spoiled(digest, String.valueOf(e.getMessage()));
    }
  }

  private void arrived(Digest digest, RepositoryName name, long bytes) {
    bad.remove(digest);
    places.put(digest, new Place.There(name, bytes));
    if (name.equals(staging)) {
      staged.add(digest);
    }
  }

  /** A small thing that was read, a manifest mostly, and that is to be had later as a blob; returns its digest. */
  Digest small(byte[] content, Member member) throws IOException {
    Digest digest = Digest.sha256(content);
    blob(digest, member.lasting() ? member : new Member(member.path(), "", new Bytes(content), false));
    return digest;
  }

  /** A blob whose digest its source does not say. Empty: the target will not have it, which is noted. */
  Optional<Digest> unnamed(Member member) throws IOException {
    try {
      if (member.lasting()) {
        Digest digest = hash(member.content());
        blob(digest, member);
        return Optional.of(digest);
      }
      Digest digest = target.putBlob(staging, member.content());
      sent(member.content().length());
      arrived(digest, staging, member.content().length());
      return Optional.of(digest);
    } catch (Target.Refused | Connection.Unreadable e) {
      notes.skip(member.path(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Digest hash(Connection.Body content) throws IOException {
    var hash = Digest.Algorithm.SHA256.newHash();
    byte[] piece = new byte[1 << 16];
    try (InputStream in = content.open()) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        hash.update(piece, 0, read);
      }
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  /** Somebody will not have it, or it cannot be read. Another source may have it whole. */
  synchronized void spoiled(Digest digest, String reason) {
    bad.putIfAbsent(digest, reason);
    if (places.get(digest) instanceof Place.Source && !turn(digest)) {
      places.remove(digest);
    }
  }

  /** Turns to another copy in the sources. False: there is none left. */
  synchronized boolean turn(Digest digest) {
    Connection.Body other = others.getOrDefault(digest, new ArrayDeque<>()).poll();
    if (other == null) {
      return false;
    }
    places.put(digest, new Place.Source(other));
    return true;
  }

  synchronized void sent(long bytes) {
    sent++;
    sentBytes += Math.max(0, bytes);
  }

  synchronized void present() {
    present++;
  }

  /** From now on it is to be had there. */
  synchronized void moved(Digest digest, RepositoryName name, long bytes) {
    places.put(digest, new Place.There(name, bytes));
  }

  /** Where a blob is to be had. Empty: nowhere. */
  synchronized Optional<Place> place(Digest digest) {
    return Optional.ofNullable(places.get(digest));
  }

  /** Of a blob that somebody names. Below 0: not known. */
  synchronized long length(Descriptor blob) {
    return switch (places.get(blob.digest())) {
      case null -> blob.size();
      case Place.Source source -> source.content().length();
      case Place.There there -> there.bytes();
    };
  }

  /** Why a blob is nowhere. */
  synchronized String lack(Digest digest) {
    return digest + (bad.containsKey(digest) ? ": " + bad.get(digest) : ", which is not in what was given");
  }

  /** Takes note of blobs that were found damaged, and that no image turned out to need. */
  synchronized Map<Digest, String> bad() {
    return Map.copyOf(bad);
  }

  /** What it says itself counts; of one that says nothing, what its source said. */
  String typeOf(Digest manifest, ManifestDocument document) {
    return document.statesMediaType() ? document.mediaType() : types.getOrDefault(manifest, document.mediaType());
  }

  SortedMap<RepositoryName, Set<Digest>> images() {
    return images;
  }

  SortedMap<RepositoryName, SortedMap<Tag, Digest>> tags() {
    return tags;
  }

  /** What lies where it is not to stay. */
  Set<Digest> staged() {
    return staged;
  }

  RepositoryName staging() {
    return staging;
  }

  boolean isEmpty() {
    return images.isEmpty() && places.isEmpty() && bad.isEmpty() && homes.isEmpty();
  }

  synchronized int sentBlobs() {
    return sent;
  }

  synchronized long sentBytes() {
    return sentBytes;
  }

  synchronized int presentBlobs() {
    return present;
  }
}
