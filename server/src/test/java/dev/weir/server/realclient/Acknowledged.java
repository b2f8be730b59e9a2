package dev.weir.server.realclient;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.weir.server.ocreplay.NodePull;
import dev.weir.server.ocreplay.OcWatcher;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What a registry has said 201 to, and must have from then on. Thread-safe. */
final class Acknowledged implements OcWatcher {
  private final Set<Digest> blobs = ConcurrentHashMap.newKeySet();
  private final Map<String, SyntheticImage> images = new ConcurrentHashMap<>();
  private final Set<Digest> sentAgain = ConcurrentHashMap.newKeySet();

  @Override
  public void stored(Digest blob) {
    if (!blobs.add(blob)) {
      sentAgain.add(blob);
    }
  }

  @Override
  public void stored(SyntheticImage image) {
    images.put(image.tag(), image);
  }

  int size() {
    return blobs.size() + images.size();
  }

  /** Over HTTP, every byte. */
  void assertServed(URI registry, String repository) throws IOException {
    List<SyntheticImage> all = new ArrayList<>(images.values());
    try (var node = new NodePull(registry, repository)) {
      for (Digest blob : blobs) {
        node.blob(blob);
      }
      node.byTag(all);
      node.byDigest(all);
    }
    assertThat(sentAgain).as("blobs that were sent after they had been acknowledged").isEmpty();
  }

  /** On disk, every byte. */
  void assertStored(DiskTree tree, String repository) throws IOException {
    assertThat(tree.assertBlobsAreWhole()).containsAll(blobs);
    tree.assertLinksAreWhole();
    assertThat(tree.layers(repository)).containsAll(blobs);
  }
}
