package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;
import dev.weir.storage.Manifest;

import static org.assertj.core.api.Assertions.assertThat;

/** From one z-stream to the next, with two thirds of its blobs in both: what travels is the last third. */
class SinceReleaseTest {
  private static final String NAME = "ocp4/openshift4";
  /** Real layers are larger still, and what is not blobs weighs less then. */
  private static final Shape SHAPE = new Shape(19, 25, Long.getLong("weir.test.since-divisor", 24));

  @TempDir private Path folder;

  private static void push(Site site, SyntheticImage image) throws IOException {
    for (SyntheticBlob blob : image.blobs()) {
      try (InputStream content = blob.content().get()) {
        site.blob(NAME, content.readAllBytes());
      }
    }
    site.put(NAME, image.tag(), new Manifest(SyntheticImage.MEDIA_TYPE, image.digest(), image.manifest()));
  }

  /** The first with its last third of images replaced by another's. */
  private static List<SyntheticImage> next(SyntheticRelease first, SyntheticRelease other) {
    int shared = first.components().size() * 2 / 3;
    List<SyntheticImage> images = new ArrayList<>(first.components().subList(0, shared));
    images.addAll(other.components().subList(0, first.components().size() - shared));
    images.add(other.image());
    return images;
  }

  @Test
  void whatTravelsIsTheNewBlobsAndAtMostOneHundredthMore() throws IOException {
    SyntheticRelease first = SyntheticRelease.of("4.17.16", SHAPE, 1);
    List<SyntheticImage> next = next(first, SyntheticRelease.of("4.17.17", SHAPE, 2));
    try (Site site = new Site(folder)) {
      for (SyntheticImage image : first.images()) {
        push(site, image);
      }
      Path before = folder.resolve("first");
      assertThat(site.commands.run("export", "--all", "--to", "archive:" + before)).as(site.commands.err()).isZero();

      Set<Object> known = new HashSet<>(first.blobs().stream().map(SyntheticBlob::digest).toList());
      long fresh = SyntheticRelease.blobs(next).stream().filter(blob -> !known.contains(blob.digest()))
          .mapToLong(SyntheticBlob::size).sum();
      List<String> words = new ArrayList<>(List.of("export"));
      for (SyntheticImage image : next) {
        push(site, image);
        words.add(NAME + ":" + image.tag());
        fresh += first.images().stream().anyMatch(old -> old.digest().equals(image.digest()))
            ? 0
            : image.manifest().length;
      }
      Path after = folder.resolve("next");
      words.addAll(List.of("--to", "archive:" + after, "--since", before.toString(), "--output", "json"));
      assertThat(site.commands.run(words.toArray(String[]::new))).as(site.commands.err()).isZero();
      assertThat(size(after)).isBetween(fresh, fresh + fresh / 100);
      assertThat(site.commands.json().path("already").asLong()).isGreaterThan(fresh);
    }
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
