package dev.weir.storage;

/** Everything that a store holds for a registry. There is one over a store: its parts keep writers of one thing apart. */
public record Content(BlobStore blobs, ManifestStore manifests, TagStore tags, Repositories repositories,
    IncompleteImages incomplete, Inventory inventory, Changes changes) {
  public static Content of(ObjectStore store) {
    return of(store, ContentListener.NONE);
  }

  /** @param listener told of every change that is made through this */
  public static Content of(ObjectStore store, ContentListener listener) {
    Changes changes = new Changes();
    BlobStore blobs = new BlobStore(store, listener, changes);
    ManifestStore manifests = new ManifestStore(store, blobs, changes, listener);
    return new Content(blobs, manifests, new TagStore(store, changes), new Repositories(store),
        new IncompleteImages(store), new Inventory(store, manifests), changes);
  }
}
