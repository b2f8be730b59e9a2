package dev.weir.server.realclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A root directory as it lies on disk while no server runs: what registry:2's layout says must hold. */
record DiskTree(Path root) {

  /** Every blob's bytes are those its path promises; returns which there are. */
  Set<Digest> assertBlobsAreWhole() throws IOException {
    Set<Digest> found = new HashSet<>();
    for (Path data : files("docker/registry/v2/blobs", "data")) {
      Digest promised = digest(data);
      assertThat(hash(data, promised.algorithm())).as(data.toString()).isEqualTo(promised);
      found.add(promised);
    }
    return found;
  }

  /** Every link names a digest, and none is a piece of one; returns how many there are. */
  int assertLinksAreWhole() throws IOException {
    List<Path> links = files("docker/registry/v2/repositories", "link");
    for (Path link : links) {
      Digest named = Digest.parse(Files.readString(link));
      assertThat(named).as(link.toString()).isNotNull();
    }
    return links.size();
  }

  /** The digests whose bytes are to be had in the repository, as far as links go. */
  Set<Digest> layers(String repository) throws IOException {
    Set<Digest> linked = new HashSet<>();
    for (Path link : files("docker/registry/v2/repositories/" + repository + "/_layers", "link")) {
      linked.add(Digest.parse(Files.readString(link)));
    }
    return linked;
  }

  /** Images that were acknowledged and still lack something. */
  long incomplete() throws IOException {
    Path jobs = root.resolve("weir/incomplete");
    if (!Files.isDirectory(jobs)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(jobs)) {
      return all.count();
    }
  }

  private List<Path> files(String below, String name) throws IOException {
    Path start = root.resolve(below);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(start)) {
      return all.filter(file -> file.endsWith(name) && Files.isRegularFile(file)).toList();
    }
  }

  /** {@code …/sha256/ab/abcd…/data}. */
  private static Digest digest(Path data) {
    int names = data.getNameCount();
    return Digest.parse(data.getName(names - 4) + ":" + data.getName(names - 2));
  }

  private static Digest hash(Path file, Digest.Algorithm algorithm) throws IOException {
    MessageDigest hash = algorithm.newHash();
    try (InputStream content = new DigestInputStream(Files.newInputStream(file), hash)) {
      content.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.of(algorithm, hash);
  }
}
