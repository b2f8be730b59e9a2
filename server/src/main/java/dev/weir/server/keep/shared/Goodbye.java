package dev.weir.server.keep.shared;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.weir.server.keep.FewAtOnce;
import dev.weir.server.space.Pruning.Found;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Takes images from the repositories that have them, with the tags that upstream set to them. What they name is noted before as
 * having been held for their sake, so that it goes on the next list.
 *
 * @param tree not out of a memory
 * @param content through which they go
 */
record Goodbye(Docket docket, Content tree, Content content, Deleting.Right right) implements Parting.Way {
  private static final int AT_ONCE = 8;

  @Override
  public List<Digest> take(List<Found> images) throws IOException {
    docket.release(images.stream().flatMap(image -> image.named().stream()).distinct().toList());
    List<Boolean> all = FewAtOnce.map(AT_ONCE, "let images go", images, this::take);
    List<Digest> gone = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      if (all.get(i)) {
        gone.add(images.get(i).digest());
      }
    }
    return gone;
  }

  private boolean take(Found image) throws IOException {
    for (RepositoryName name : image.repositories()) {
      if (tree.manifests().has(name, image.digest())
          && tree.manifests().keeping(name, image.digest()) != Keeping.CACHED) {
        return false;
      }
    }
    for (RepositoryName name : image.repositories()) {
      right.require();
      content.tags().evict(name, image.digest());
      right.require();
      if (!content.manifests().evict(name, image.digest()) && tree.manifests().has(name, image.digest())) {
        return false; // pushed or pinned since by somebody who gives no word
      }
    }
    return true;
  }
}
