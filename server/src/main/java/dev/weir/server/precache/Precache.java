package dev.weir.server.precache;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.weir.server.keep.Progress;
import dev.weir.server.registry.Registry;
import dev.weir.server.space.Leeway;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;

/** Carries orders out, by asking our own registry as a client would, in the background. Thread-safe. */
public final class Precache {
  final Registry registry;
  final Content content;
  final Means means;
  final Pins pins;
  final SignatureCheck signatures;
  final Graphs graphs;

  /**
   * What it works with.
   *
   * @param names of what can be fetched
   * @param room what is left of it, beside what is here already of these
   * @param isJobTime whether jobs may fetch blobs now
   * @param claim keeps a blob from being collected for a while
   * @param begun what is here of a blob that is not here as a whole
   * @param patience how long nothing at all may come
   * @param atOnce so many things at once at most
   */
  public record Means(ImageNames names, Function<Set<Digest>, Leeway> room, BooleanSupplier isJobTime,
      Claiming claim, Begun begun, Duration patience, int atOnce) {}

  /** Has a blob that is there stay for a while; says so if that cannot be promised. */
  @FunctionalInterface
  public interface Claiming {
    void claim(Digest blob) throws IOException;
  }

  /** Knows how far downloads got that broke off. */
  @FunctionalInterface
  public interface Begun {
    /** In bytes. */
    long of(Digest blob) throws IOException;
  }

  /**
   * Who is trusted with releases, and where that is written.
   *
   * @param stores of signatures
   * @param web gets a file of those; empty: there is none
   */
  public record Trust(ReleaseKeys keys, List<URI> stores, Web web, InstantSource clock) {}

  /**
   * Where update graphs come from.
   *
   * @param address without a query
   */
  public record Graphs(URI address, Web web) {}

  /** Gets a file. */
  @FunctionalInterface
  public interface Web {
    /** Empty: its server says that there is none. */
    Optional<byte[]> get(URI address, int most) throws IOException;
  }

  public Precache(Registry registry, Content content, Means means, Pins pins, Trust trust,
      ReleaseSignatures kept, Graphs graphs) {
    this.graphs = graphs;
    this.registry = registry;
    this.content = content;
    this.means = means;
    this.pins = pins;
    this.signatures = new SignatureCheck(trust.keys(), trust.stores(), trust.web()::get, kept, trust.clock());
  }

  /**
   * Carries one out, from wherever an earlier try got to.
   *
   * @throws IOException if it was stopped before it was done, or not even begun; what could not be had is in the report
   */
  Report run(Order order, Progress progress) throws IOException {
    return new Run(this, order, progress).report();
  }
}
