package dev.weir.storage;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static dev.weir.storage.Samples.NAME;
import static dev.weir.storage.Samples.TAG;
import static org.assertj.core.api.Assertions.assertThat;

class TagStoreTest {
  private static final Manifest OLD = Samples.image("old");
  private static final Manifest NEW = Samples.image("new");

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ManifestStore manifests = new ManifestStore(store, new BlobStore(store), new Changes());
  private final TagStore tags = new TagStore(store, new Changes());

  @Test
  void aTagPointsWhereItWasSetLast() throws IOException {
    assertThat(tags.resolve(NAME, TAG)).isEmpty();
    tags.setOwned(NAME, TAG, OLD.digest());
    tags.setOwned(NAME, TAG, NEW.digest());
    assertThat(tags.resolve(NAME, TAG)).contains(NEW.digest());
    assertThat(store.keys()).contains(Layout.tagIndexLink(NAME, TAG, OLD.digest()),
        Layout.tagIndexLink(NAME, TAG, NEW.digest()));
  }

  @Test
  void aTagFromUpstreamFollowsUpstreamUntilItIsPushed() throws IOException {
    manifests.putCached(NAME, OLD, "quay.io");
    manifests.putCached(NAME, NEW, "quay.io");
    assertThat(tags.setCached(NAME, TAG, OLD.digest())).isTrue();
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isTrue();
    assertThat(tags.isCached(NAME, TAG, NEW.digest())).isTrue();
    tags.setOwned(NAME, TAG, NEW.digest());
    assertThat(tags.isCached(NAME, TAG, NEW.digest())).isFalse();
    assertThat(tags.resolve(NAME, TAG)).contains(NEW.digest());
  }

  @Test
  void aPushedTagIsNotOverwrittenByUpstream() throws IOException {
    manifests.putOwned(NAME, OLD);
    tags.setOwned(NAME, TAG, OLD.digest());
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isFalse();
    assertThat(tags.setCached(NAME, TAG, OLD.digest())).isFalse();
    assertThat(tags.resolve(NAME, TAG)).contains(OLD.digest());
    assertThat(tags.isCached(NAME, TAG, OLD.digest())).isFalse();
  }

  @Test
  void aTagThatWasPushedBackToAnOlderImageIsOwned() throws IOException {
    manifests.putCached(NAME, OLD, "quay.io");
    tags.setCached(NAME, TAG, OLD.digest());
    tags.setCached(NAME, TAG, NEW.digest());
    tags.setOwned(NAME, TAG, OLD.digest());
    assertThat(tags.isCached(NAME, TAG, OLD.digest())).isFalse();
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isFalse();
  }

  @Test
  void aTagThatDanglesIsGivenBackToUpstream() throws IOException {
    manifests.putOwned(NAME, OLD);
    tags.setOwned(NAME, TAG, OLD.digest());
    manifests.delete(NAME, OLD.digest());
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isTrue();
    assertThat(tags.resolve(NAME, TAG)).contains(NEW.digest());
  }

  @Test
  void aDeletedTagLeavesNothingAndIsGivenBackToUpstream() throws IOException {
    tags.setCached(NAME, TAG, OLD.digest());
    tags.setOwned(NAME, TAG, NEW.digest());
    tags.setOwned(NAME, TAG, OLD.digest());
    assertThat(tags.delete(NAME, TAG)).isTrue();
    assertThat(tags.delete(NAME, TAG)).isFalse();
    assertThat(store.keys()).isEmpty();
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isTrue();
  }

  @Test
  void anEvictedTagIsListedNoMoreWhateverItPointedToBefore() throws IOException {
    manifests.putOwned(NAME, OLD);
    tags.setOwned(NAME, TAG, OLD.digest());
    manifests.delete(NAME, OLD.digest());
    manifests.putCached(NAME, NEW, "quay.io");
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isTrue();
    tags.evict(NAME, NEW.digest());
    assertThat(listed("")).isEmpty();
    assertThat(store.keys()).noneMatch(key -> key.value().contains("/cached-tags/"));
  }

  @Test
  void anEmptyLinkIsNoTag() throws IOException {
    tags.setOwned(NAME, TAG, OLD.digest());
    store.putBytes(Layout.tagLink(NAME, TAG), new byte[0]);
    assertThat(tags.resolve(NAME, TAG)).isEmpty();
    assertThat(tags.setCached(NAME, TAG, NEW.digest())).isTrue();
  }

  @Test
  void tagsAreListedInByteOrderWithoutWhatIsNone() throws IOException {
    for (String tag : List.of("v1", "v1-rc", "v1.0", "V2", "_")) {
      tags.setOwned(NAME, new Tag(tag), OLD.digest());
    }
    store.putBytes(Layout.tags(NAME).resolve("link.tmp"), new byte[0]);
    store.putBytes(Layout.tags(NAME).resolve(".nfs0001/x"), new byte[0]);
    assertThat(listed("")).containsExactly("V2", "_", "v1", "v1-rc", "v1.0");
    assertThat(listed("v1")).containsExactly("v1-rc", "v1.0");
    assertThat(listed("v1.0")).isEmpty();
  }

  private List<String> listed(String after) throws IOException {
    try (Stream<Tag> listed = tags.list(NAME, after)) {
      return listed.map(Tag::value).toList();
    }
  }
}
