package dev.weir.server.precache;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;

import dev.weir.server.imageset.Source;
import dev.weir.server.registry.Registry;
import dev.weir.server.release.PullSpec;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Where an image set's graphs and catalogs come from: a server of graphs, and our own registry, asked as a client would. What is read
 * of a catalog is kept, for it belongs to the set.
 */
final class ImageSetSource implements Source {
  private static final int LARGEST_GRAPH = 64 << 20;
  /** Where they come from, as whoever insists knows it. */
  private static final String GRAPHS = "update graphs";

  private final ImageNames names;
  private final Planner planner;
  private final Fetching fetching;
  private final Registry registry;
  private final BlobStore blobs;
  private final Insistence insistence;
  private final Precache.Graphs graphs;

  ImageSetSource(ImageNames names, Planner planner, Fetching fetching, Registry registry, BlobStore blobs,
      Insistence insistence, Precache.Graphs graphs) {
    this.names = names;
    this.planner = planner;
    this.fetching = fetching;
    this.registry = registry;
    this.blobs = blobs;
    this.insistence = insistence;
    this.graphs = graphs;
  }

  @Override
  public byte[] graph(String channel, String architecture) throws IOException {
    URI address = URI.create(graphs.address() + "?channel=" + URLEncoder.encode(channel, UTF_8) + "&arch="
        + URLEncoder.encode(architecture, UTF_8));
    return insistence.answer(GRAPHS, 0, () -> graphs.web().get(address, LARGEST_GRAPH))
        .orElseThrow(() -> new IOException(address.getHost() + " has none"));
  }

  @Override
  public byte[] manifest(PullSpec image) throws IOException {
    return planner.manifest(wanted(image)).content();
  }

  @Override
  public InputStream blob(PullSpec image, Digest blob) throws IOException {
    RepositoryName name = wanted(image).name();
    long size = insistence.answer(name.first(), 0, () -> registry.blobSize(name, blob));
    fetching.have(new Part(name, blob, size));
    StoredObject stored = blobs.open(blob).orElseThrow(() -> new IOException(blob + " went while it was to be read"));
    return new FilterInputStream(stored.read()) {
      @Override
      public void close() throws IOException {
        try (stored) {
          super.close();
        }
      }
    };
  }

  private Wanted wanted(PullSpec image) throws IOException {
    try {
      return names.parse(image.toString(), false);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
