package dev.weir.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A durable home of whole objects. Thread-safe; every method may block on I/O.
 *
 * <p>There are no directories: a prefix exists as long as an object lies below it. An object is seen whole or not at
 * all, also after a power cut; what a method has written or deleted when it returns stays so, and an object that one
 * can see is durable, whoever is still busy writing it. Absence is an empty result; an {@link IOException} means that
 * the store cannot tell.
 *
 * <p>Keep this small: what can be said once over any store belongs in {@link BlobStore}, {@link ManifestStore} or
 * {@link TagStore}, and every method here is one more to get right three times.
 */
public interface ObjectStore extends AutoCloseable {
  /** Opens the object for reading; the caller closes it. */
  Optional<StoredObject> open(ObjectKey key) throws IOException;

  /**
   * The same for whoever reads nothing but the bytes from {@code from} up to {@code to}, excluded, or to the end if that
   * comes first: once, by {@link StoredObject#read(long, long)}. A store far away sends them behind the answer.
   */
  default Optional<StoredObject> open(ObjectKey key, long from, long to) throws IOException {
    return open(key);
  }

  /** The same for whoever takes all of its bytes, at best by {@link StoredObject#arriving}: a store far away sends them behind the answer. */
  default Optional<StoredObject> openArriving(ObjectKey key) throws IOException {
    return open(key, 0, Long.MAX_VALUE);
  }

  /** The object's size in bytes. */
  OptionalLong size(ObjectKey key) throws IOException;

  /**
   * Makes {@code file} the object, replacing one that is there. The file is taken: it is gone when this returns. After
   * an exception it may be there or not, and the object is the old one or the new.
   */
  void putFile(ObjectKey key, Path file) throws IOException;

  /** Makes {@code value} the object, replacing one that is there. For small values: links, manifests, marks. */
  void putBytes(ObjectKey key, byte[] value) throws IOException;

  /**
   * Makes {@code value} the object unless there is one. False: there was. Of several who do it at once, one is told that it
   * did, where the store can keep them apart; where it cannot, several may be, and the last of them has written it.
   */
  default boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
    if (size(key).isPresent()) {
      return false;
    }
    putBytes(key, value);
    return true;
  }

  /** Removes one object. False: it was not there. Whoever has it open keeps it. */
  boolean delete(ObjectKey key) throws IOException;

  /**
   * What lies directly below {@code prefix}, sorted by name as its UTF-8 bytes are ({@link NameOrder}; the slash that a
   * prefix ends with does not count); the caller closes the stream. An object that comes or goes meanwhile may be seen
   * or not, and a prefix may be seen whose only object was never completed. The stream may throw an
   * {@link UncheckedIOException}.
   *
   * @param after only names greater than this; empty for all
   */
  Stream<Child> children(ObjectKey prefix, String after) throws IOException;

  /** The same, all of them at once, for places that hold few. What fails on the way is an {@link IOException}, too. */
  default List<Child> list(ObjectKey prefix, String after) throws IOException {
    try (Stream<Child> all = children(prefix, after)) {
      return all.toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /**
   * A name directly below a prefix.
   *
   * @param isPrefix more lies below it; otherwise it is an object
   */
  record Child(String name, boolean isPrefix) {}

  /** Makes the object one with another key, too, replacing what is there. False: it was not there. */
  default boolean copy(ObjectKey from, ObjectKey to) throws IOException {
    Optional<StoredObject> found = open(from);
    if (found.isEmpty()) {
      return false;
    }
    Path copy = Files.createTempFile("weir", null);
    try (StoredObject object = found.get(); InputStream in = object.read()) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      putFile(to, copy);
    } finally {
      Files.deleteIfExists(copy);
    }
    return true;
  }

  /**
   * Gives the object another key, replacing what is there. False: it was not there. After an exception, or a crash, it
   * may have the one, the other, or both.
   */
  default boolean move(ObjectKey from, ObjectKey to) throws IOException {
    return copy(from, to) && delete(from);
  }

  /** When the object was written, as far as the store knows: its bytes, not its name. */
  default Optional<Instant> written(ObjectKey key) throws IOException {
    return Optional.empty();
  }

  /** The whole of a small object. */
  default Optional<byte[]> get(ObjectKey key) throws IOException {
    Optional<StoredObject> found = open(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (StoredObject object = found.get(); InputStream in = object.read()) {
      return Optional.of(in.readAllBytes());
    }
  }

  /**
   * Where a client reads the object for a while without asking us, if the store can say. Says nothing of whether it is
   * there.
   */
  default Optional<URI> address(ObjectKey key) throws IOException {
    return Optional.empty();
  }

  /** What is to be read before something is written: this store, without a memory that may answer in its place. */
  default ObjectStore itself() {
    return this;
  }

  @Override
  void close() throws IOException;
}
