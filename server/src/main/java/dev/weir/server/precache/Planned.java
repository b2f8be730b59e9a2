package dev.weir.server.precache;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.weir.storage.Digest;

/**
 * What one image needs, as its manifests say.
 *
 * @param root what its name leads to; empty: it cannot be had
 * @param manifests those that no other of them names: itself, its signatures, what refers to it
 * @param all manifests that are to be here
 * @param parts each once
 * @param missing of it, as far as is known
 */
record Planned(Wanted wanted, Optional<Digest> root, List<Digest> manifests, Set<Digest> all,
    List<Part> parts, List<Report.Missing> missing) {
  Planned {
    manifests = List.copyOf(manifests);
    all = Set.copyOf(all);
    parts = List.copyOf(parts);
    missing = List.copyOf(missing);
  }

  /** One that is not even looked for. */
  static Planned none(Wanted wanted, String reason) {
    return new Planned(wanted, Optional.empty(), List.of(), Set.of(), List.of(),
        List.of(new Report.Missing(wanted.asked(), wanted.reference().toString(), reason)));
  }
}
