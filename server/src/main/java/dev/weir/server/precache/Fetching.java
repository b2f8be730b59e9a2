package dev.weir.server.precache;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

import dev.weir.server.oci.Asker;
import dev.weir.server.oci.Via;
import dev.weir.server.registry.BlobFetch;
import dev.weir.server.registry.Registry;
import dev.weir.storage.BlobStore;

/** Has blobs here, small ones before large ones, by asking our own registry for them as a client would. Thread-safe. */
final class Fetching {
  private static final long BETWEEN_LOOKS_AT_THE_CLOCK_MILLIS = 500;

  private final Registry registry;
  private final BlobStore blobs;
  private final Insistence insistence;
  private final BooleanSupplier isJobTime;
  private final Asker asker;
  private final Arrivals arrivals;
  private final LongAdder fetched = new LongAdder();

  /** @param isJobTime whether jobs may fetch blobs now */
  Fetching(Registry registry, BlobStore blobs, Insistence insistence, BooleanSupplier isJobTime, Arrivals arrivals) {
    this.registry = registry;
    this.blobs = blobs;
    this.insistence = insistence;
    this.isJobTime = isJobTime;
    this.asker = Asker.JOB;
    this.arrivals = arrivals;
  }

  private Fetching(Fetching other) {
    this.registry = other.registry;
    this.blobs = other.blobs;
    this.insistence = other.insistence;
    this.arrivals = other.arrivals;
    this.isJobTime = () -> true;
    this.asker = new Asker(Via.NOBODY, false, remark -> {}, "");
  }

  /** The same for somebody who waits for it, as a client does: at any hour. */
  Fetching awaited() {
    return new Fetching(this);
  }

  /** So many bytes of blobs that were not here are here now. */
  long fetched() {
    return fetched.sum();
  }

  /** Whether all of its bytes are here. */
  boolean isHeld(Part part) throws IOException {
    OptionalLong held = blobs.sizeForWriting(part.digest());
    return held.isPresent() && held.getAsLong() == part.size();
  }

  /** What could not be had, and why; returns when everything else is here. */
  Map<Part, String> fetch(List<Part> parts) {
    List<Part> ordered = parts.stream().sorted(Comparator.comparingLong(Part::size)).toList();
    List<String> reasons = Together.map("precache", ordered, this::reasonWhyNot, (part, e) -> e.toString());
    Map<Part, String> failed = new LinkedHashMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      if (!reasons.get(i).isEmpty()) {
        failed.put(ordered.get(i), reasons.get(i));
      }
    }
    return failed;
  }

  private String reasonWhyNot(Part part) {
    try {
      have(part);
      return "";
    } catch (IOException | RuntimeException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
  }

  /** Returns when it is here, and its repository may give it out. */
  void have(Part part) throws IOException {
    if (isHeld(part)) {
      if (blobs.linkedForWriting(part.name(), part.digest()).isEmpty()) {
        long _ = insistence.answer(part.name().first(), 0, () -> registry.blobSize(part.name(), part.digest()));
      }
      return;
    }
    long _ = insistence.answer(part.name().first(), part.size(), () -> {
      awaitJobTime();
      fetch(part);
      return part.size();
    });
    fetched.add(part.size());
    arrivals.arrived(part.digest(), part.size());
  }

  private void fetch(Part part) throws IOException {
    asker.ask(
        () -> new BlobFetch(registry, blobs, insistence::isStopping).fetch(part.name(), part.digest(), here -> {
          insistence.came();
          arrivals.arrived(part.digest(), here);
        }));
  }

  private void awaitJobTime() throws IOException {
    try {
      while (!isJobTime.getAsBoolean()) {
        insistence.requireGoing();
        insistence.came(); // to wait for the hour is no failure
        Thread.sleep(BETWEEN_LOOKS_AT_THE_CLOCK_MILLIS);
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for the hours of jobs", e);
    }
  }
}
