package dev.weir.server.precache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.admin.Json;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Jobs as they are written down, {@code weir/jobs/<id>} each. Those of a kind that nobody here knows are left alone. Thread-safe. */
record JobFiles(ObjectStore store) {
  private static final Logger LOG = LoggerFactory.getLogger(JobFiles.class);
  private static final ObjectKey ALL = new ObjectKey("weir/jobs");
  static final String KIND = "precache";
  /** Of those that are over, so many are remembered. */
  private static final int MOST_OVER = 20;

  /**
   * One.
   *
   * @param starts how often it was begun without that anything came
   * @param failure null unless it failed as a whole
   * @param result null before it is over, and where it failed
   */
  record Written(String id, String kind, String started, int starts, JsonNode order, boolean over,
      @Nullable Object result, @Nullable String failure) {
    static Written begun(String id, String started, Order order) {
      return new Written(id, KIND, started, 1, Json.tree(order), false, null, null);
    }

    Written over(@Nullable Object what, @Nullable String why) {
      return new Written(id, kind, started, starts, order, true, what, why);
    }

    Written starts(int count) {
      return new Written(id, kind, started, count, order, over, result, failure);
    }
  }

  void write(Written written) throws IOException {
    store.putBytes(ALL.resolve(written.id()), Json.text(written).getBytes(UTF_8));
  }

  /** Forgets the oldest of those that are over. */
  void tidy() throws IOException {
    List<Written> over = all().stream().filter(Written::over).sorted(Comparator.comparing(Written::started).reversed())
        .toList();
    for (Written old : over.subList(Math.min(MOST_OVER, over.size()), over.size())) {
      store.delete(ALL.resolve(old.id()));
    }
  }

  /** Those that can be read, the oldest first. */
  List<Written> all() throws IOException {
    List<Written> found = new ArrayList<>();
    try (Stream<ObjectStore.Child> children = store.children(ALL, "")) {
      for (ObjectStore.Child child : children.filter(each -> !each.isPrefix()).toList()) {
        read(child.name()).filter(each -> each.kind().equals(KIND)).ifPresent(found::add);
      }
    }
    found.sort(Comparator.comparing(Written::started));
    return found;
  }

  private Optional<Written> read(String name) throws IOException {
    try {
      Optional<byte[]> text = store.get(ALL.resolve(name));
      return text.isPresent() ? read(name, text.get()) : Optional.empty();
    } catch (RuntimeException e) {
      LOG.warn("weir/jobs/{} cannot be read, and is left alone: {}", name, e.toString());
      return Optional.empty();
    }
  }

  private static Optional<Written> read(String name, byte[] text) {
    try {
      JsonNode tree = Json.tree(text);
      JsonNode result = tree.path("result");
      JsonNode failure = tree.path("failure");
      return Optional.of(new Written(name, tree.path("kind").asText(KIND), tree.path("started").asText(""),
          Math.max(0, tree.path("starts").asInt(1)), tree.path("order"), tree.path("over").asBoolean(),
          result.isObject() ? result : null, failure.isTextual() ? failure.asText() : null));
    } catch (IOException e) {
      LOG.warn("weir/jobs/{} cannot be read, and is left alone: {}", name, e.getMessage());
      return Optional.empty();
    }
  }
}
