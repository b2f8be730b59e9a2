package dev.weir.server.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoredObject;

/** A store that notes every key which is not of the layout. */
final class WatchedStore implements ObjectStore {
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+";
  private static final String DIGEST = "(?:sha256/[0-9a-f]{64}|sha512/[0-9a-f]{128})";
  private static final String FLAT_DIGEST = "(?:sha256-[0-9a-f]{64}|sha512-[0-9a-f]{128})";
  private static final String TAG = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}";
  private static final Pattern LAYOUT = Pattern
      .compile("weir/incomplete(?:/[0-9a-f]{64})?|weir/damaged(?:/" + FLAT_DIGEST + ")?"
          + "|docker/registry/v2/blobs/sha(?:256|512)/([0-9a-f]{2})/\\1[0-9a-f]{62,126}/data"
          + "|docker/registry/v2/repositories(?:/" + COMPONENT + ")*+"
          + "(?:/_layers(?:/" + DIGEST + "/link)?|/_manifests|/_manifests/revisions(?:/sha(?:256|512))?"
          + "|/_manifests/revisions/" + DIGEST + "(?:/(?:link|mediatype|cached|pinned|cached-tags(?:/" + TAG
          + ")?|referrers(?:/" + FLAT_DIGEST + ")?))?"
          + "|/_manifests/tags(?:/" + TAG + "(?:/current/link|/index(?:/" + DIGEST + "/link|/sha(?:256|512))?)?)?)?");

  private final ObjectStore store;
  private final List<String> strange = new CopyOnWriteArrayList<>();

  WatchedStore(ObjectStore store) {
    this.store = store;
  }

  /** The keys that do not belong. */
  List<String> strange() {
    return strange;
  }

  static boolean isOfTheLayout(String key) {
    return LAYOUT.matcher(key).matches();
  }

  private ObjectKey seen(ObjectKey key) {
    if (!isOfTheLayout(key.value())) {
      strange.add(key.value());
    }
    return key;
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    return store.open(seen(key));
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    return store.size(seen(key));
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    store.putFile(seen(key), file);
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    store.putBytes(seen(key), value);
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    return store.delete(seen(key));
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    return store.children(seen(prefix), after);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
