package dev.weir.server.precache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.weir.server.space.Leeway;
import dev.weir.storage.Digest;

/**
 * What an order needs and is not here. Of a blob that has come in part, the rest.
 *
 * @param bytes to fetch
 * @param onDisk by which they take more of the disk than now
 */
record Coming(List<Part> parts, long bytes, long onDisk) {
  Coming {
    parts = List.copyOf(parts);
  }

  /** @param all each blob once */
  static Coming of(Collection<Part> all, Fetching fetching, Precache.Begun begun) throws IOException {
    List<Part> parts = new ArrayList<>();
    List<Long> rests = new ArrayList<>();
    for (Part part : all) {
      if (!fetching.isHeld(part)) {
        parts.add(part);
        rests.add(part.size() - Math.min(part.size(), begun.of(part.digest())));
      }
    }
    return new Coming(parts, rests.stream().reduce(0L, Leeway::sum), Leeway.onDisk(rests));
  }

  Set<Digest> digests() {
    return parts.stream().map(Part::digest).collect(Collectors.toSet());
  }

  /** Why it cannot be; empty: it may well fit. */
  String refusal(Leeway room) {
    return room.takes(onDisk) || !room.isKnown()
        ? ""
        : parts.size() + " blobs would take " + onDisk + " bytes, and there is room for " + room.most() + ": "
            + room.used() + " of " + room.bound() + " bytes are in use, of which " + room.evictable()
            + " may go, and the disk takes " + room.disk() + " more";
  }

  /** Why nobody can say yet whether it fits; empty: it is known. */
  String doubt(Leeway room) {
    return room.takes(onDisk) || room.isKnown()
        ? ""
        : "not all that is held has been counted yet; of what has, " + room.evictable() + " bytes may go, and with "
            + room.free() + " that are free that is less than the " + onDisk + " that " + parts.size()
            + " blobs would take: ask again in some minutes";
  }
}
