package dev.weir.server.keep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Takes over, once, what a registry:2 that was a proxy left behind: what its {@code scheduler-state.json} lists came from
 * upstream and may be evicted. The file then goes out of harm's way, since a registry:2 that finds it deletes blobs that
 * others need. Before anybody is served: nobody pushes meanwhile.
 */
public final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
  private static final String FILE = "scheduler-state.json";
  private static final int AT_ONCE = 32;

  private final Content content;
  private final Path root;

  public Adoption(Content content, Path root) {
    this.content = content;
    this.root = root;
  }

  /** @throws IOException if the file cannot be read or moved; one that says nothing sensible is only moved */
  public void adopt() throws IOException {
    Path file = root.resolve(FILE);
    if (Files.notExists(file)) {
      return;
    }
    Map<RepositoryName, Set<Digest>> listed = read(file);
    int marked;
    try {
      marked = FewAtOnce.map(AT_ONCE, "mark", listed.entrySet(), each -> mark(each.getKey(), each.getValue())).stream()
          .mapToInt(Integer::intValue).sum();
    } catch (IOException e) {
      throw new IOException("take over " + file + ": " + e, e);
    }
    Path kept = root.resolve("weir").resolve(FILE + ".adopted");
    Files.move(file, kept, StandardCopyOption.REPLACE_EXISTING);
    LOG.info("{} of a registry:2 proxy was taken over: {} manifests of {} repositories came from upstream and may be"
        + " evicted; it lies in {} now", FILE, marked, listed.size(), kept);
  }

  /** Blobs in it need no mark: they go with the manifests that name them. */
  private static Map<RepositoryName, Set<Digest>> read(Path file) throws IOException {
    Map<RepositoryName, Set<Digest>> found = new HashMap<>();
    try {
      JsonNode entries = new ObjectMapper().readTree(Files.readAllBytes(file));
      for (JsonNode entry : entries) {
        String key = entry.path("Key").asText("");
        int at = key.lastIndexOf('@');
        if (at > 0) {
          found.computeIfAbsent(RepositoryName.parse(key.substring(0, at)), name -> new HashSet<>())
              .add(Digest.parse(key.substring(at + 1)));
        }
      }
    } catch (com.fasterxml.jackson.core.JacksonException | IllegalArgumentException e) {
      LOG.warn("{} cannot be read to its end: {}", file, e.getMessage());
    }
    return found;
  }

  /** How many manifests. */
  private int mark(RepositoryName name, Set<Digest> listed) throws IOException {
    Set<Digest> adopted = new HashSet<>();
    for (Digest digest : listed) {
      if (content.manifests().adopt(name, digest, "registry:2")) {
        adopted.add(digest);
      }
    }
    try (Stream<Tag> tags = content.tags().list(name, "")) {
      for (Tag tag : tags.toList()) {
        Optional<Digest> digest = content.tags().resolve(name, tag);
        if (digest.isPresent() && adopted.contains(digest.get())) {
          content.tags().adopt(name, tag, digest.get());
        }
      }
    }
    return adopted.size();
  }
}
