package dev.weir.server.wiring;

import dev.weir.server.cache.Persistence;
import dev.weir.server.keep.shared.Tempo;
import dev.weir.server.registry.Patience;
import dev.weir.server.upstream.UpstreamSettings;

/**
 * How long others are waited for.
 *
 * @param upstream by weir itself, in each request that it makes
 * @param clients by a client, over all requests that weir makes for its sake
 * @param downloads by a download that is under way
 * @param sharing by the weirs on one bucket for each other
 */
public record Waits(UpstreamSettings.Patience upstream, Patience clients, Persistence downloads, Tempo sharing) {
  public static final Waits DEFAULT = new Waits(UpstreamSettings.Patience.DEFAULT, Patience.DEFAULT,
      Persistence.DEFAULT, Tempo.DEFAULT);

  public Waits(UpstreamSettings.Patience upstream, Patience clients) {
    this(upstream, clients, Persistence.DEFAULT);
  }

  public Waits(UpstreamSettings.Patience upstream, Patience clients, Persistence downloads) {
    this(upstream, clients, downloads, Tempo.DEFAULT);
  }
}
