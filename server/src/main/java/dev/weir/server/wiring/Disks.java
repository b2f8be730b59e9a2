package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.config.CacheConfig;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.registry.Registry;
import dev.weir.server.space.Departures;
import dev.weir.server.space.Disk;
import dev.weir.server.space.Evictor;
import dev.weir.server.space.Holdings;
import dev.weir.server.space.Marks;
import dev.weir.server.space.MeteredStore;
import dev.weir.server.space.NotedRegistry;
import dev.weir.server.space.Readers;
import dev.weir.server.space.Room;
import dev.weir.server.space.Steward;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;

/** What keeps the disk within its bound: the index of what is held, the room that is left, and what makes more of it. */
final class Disks {
  private final Path root;
  private final Holdings holdings;
  private final Readers readers = new Readers();
  private final Evictor evictor;
  private final Room room;
  private final Departures departures;

  Disks(Path root, CacheConfig config, Metrics metrics, InstantSource clock) throws IOException {
    this.root = root.toRealPath();
    this.holdings = new Holdings(clock);
    this.departures = new Departures(metrics.space());
    this.evictor = new Evictor(holdings, readers, departures, clock);
    this.room = new Room(Disk.of(root), new Marks(config.maxSize()::bytesOf, config.highWater()::bytesOf,
        config.lowWater()::bytesOf), holdings, evictor, departures);
    metrics.room(room, holdings);
  }

  Holdings holdings() {
    return holdings;
  }

  Room room() {
    return room;
  }

  Departures departures() {
    return departures;
  }

  ObjectStore metered(ObjectStore store) throws IOException {
    return new MeteredStore(store, room, Steward.bytesOfDirectory(root));
  }

  Registry noted(Registry registry) {
    return new NotedRegistry(registry, new NotedRegistry.Noting() {
      @Override
      public void used(Digest manifest) {
        holdings.used(manifest);
      }

      @Override
      public BlobBody read(Digest blob, BlobBody body) {
        return readers.watch(blob, body);
      }
    });
  }

  Steward steward() throws IOException {
    return new Steward(root, holdings, room, evictor);
  }
}
