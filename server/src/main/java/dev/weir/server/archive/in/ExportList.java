package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** What {@code weir export} wrote beside the parts of an archive: by it one sees what is in none of those that were given. */
final class ExportList {
  private static final String NAME = "weir-export.json";
  private static final ObjectMapper JSON = JsonMapper.builder()
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Target target;
  private final Found found;

  ExportList(Target target, Found found) {
    this.target = target;
    this.found = found;
  }

  /** Of a list, what is looked at: there may be many blobs in it. */
  private record Listed(@Nullable JsonNode parts, @Nullable JsonNode images) {}

  /** Says what the lists beside sources name, and what neither came by nor is at the target. */
  void check(List<String> given) throws IOException {
    Map<Path, Set<String>> read = new LinkedHashMap<>();
    for (String source : given) {
      Path path = Path.of(source).toAbsolutePath();
      Path folder = path.getParent();
      if (Files.isDirectory(path)) {
        read.computeIfAbsent(path, new_ -> new TreeSet<>()).addAll(names(path));
      } else if (Files.isRegularFile(path) && folder != null) {
        read.computeIfAbsent(folder, new_ -> new TreeSet<>()).add(String.valueOf(path.getFileName()));
      }
    }
    for (Map.Entry<Path, Set<String>> each : read.entrySet()) {
      Path list = each.getKey().resolve(NAME);
      if (Files.isRegularFile(list)) {
        check(list, each.getValue());
      }
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      all.forEach(file -> names.add(String.valueOf(file.getFileName())));
      return names;
    }
  }

  private void check(Path list, Set<String> read) throws IOException {
    Listed listed;
    try (InputStream in = Files.newInputStream(list)) {
      listed = JSON.readValue(in, Listed.class);
    } catch (IOException e) {
      found.notes().skip(list.toString(), "it cannot be read as the list of an archive: "
          + Notes.printable(String.valueOf(e.getMessage())));
      return;
    }
    if (listed.parts() != null) {
      listed.parts().forEach(part -> part(part.path("file").asText(""), read, list));
    }
    if (listed.images() != null) {
      for (JsonNode image : listed.images()) {
        image(image, list);
      }
    }
  }

  private void part(String name, Set<String> read, Path list) {
    if (!name.isEmpty() && !read.contains(name)) {
      found.notes().remark(list + " names the part " + Notes.printable(name) + ", which was not given");
    }
  }

  private void image(JsonNode image, Path list) throws IOException {
    RepositoryName name;
    Digest digest;
    try {
      name = RepositoryName.parse(image.path("name").asText(""));
      digest = Digest.parse(image.path("digest").asText(""));
    } catch (IllegalArgumentException e) {
      found.notes().skip(list.toString(), "it names what is no image: " + e.getMessage());
      return;
    }
    var here = found.named(name);
    if (here.isPresent() && !found.images().getOrDefault(here.get(), Set.of()).contains(digest)
        && !target.hasManifest(here.get(), digest)) {
      found.notes().skip(name + "@" + digest, list.getFileName() + " names it, and it is in no part that was given");
    }
  }
}
