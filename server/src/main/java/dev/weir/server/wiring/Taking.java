package dev.weir.server.wiring;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.AdminApi;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.precache.ReleaseSignatures;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * What an import asks of a running weir beside what any registry can do. It sends nothing of what it hears is here, so none of
 * that is said from memory.
 *
 * @param content over the store itself; only read
 */
record Taking(Content content, ReleaseSignatures signatures) {
  static Taking over(ObjectStore store) {
    return new Taking(Content.of(store.itself()), new ReleaseSignatures(store));
  }

  /**
   * What is held by a name.
   *
   * @param digest empty: nothing
   * @param owned  whether it counts as pushed, so that nothing evicts it
   */
  record Holding(String digest, boolean owned) {}

  /**
   * What is held of a blob in a repository, without looking upstream.
   *
   * @param bytes below 0: it is not here
   */
  record Blob(long bytes) {}

  /** How many signatures are kept now, of those that were sent. */
  record Taken(int signatures) {}

  Map<String, AdminApi.Endpoint> endpoints() {
    return Map.of("POST /weir/v1/holding", this::holding, "POST /weir/v1/holding/blob", this::blob,
        "POST /weir/v1/signatures", this::take);
  }

  private Holding holding(JsonNode question) throws IOException {
    RepositoryName name;
    Reference reference;
    try {
      String text = question.path("reference").asText("");
      name = RepositoryName.parse(question.path("name").asText(""));
      reference = text.contains(":") ? Digest.parse(text) : Tag.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()), e);
    }
    Optional<Digest> digest = switch (reference) {
      case Tag tag -> content.tags().resolve(name, tag);
      case Digest known -> Optional.of(known);
    };
    if (digest.isEmpty() || content.manifests().get(name, digest.get()).isEmpty()) {
      return new Holding("", false);
    }
    boolean isCached = content.manifests().isCached(name, digest.get())
        || (reference instanceof Tag tag && content.tags().isCached(name, tag, digest.get()));
    return new Holding(digest.get().toString(), !isCached);
  }

  private Blob blob(JsonNode question) throws IOException {
    try {
      Optional<Digest> linked = content.blobs().linked(RepositoryName.parse(question.path("name").asText("")),
          Digest.parse(question.path("digest").asText("")));
      return new Blob(linked.isEmpty() ? -1 : content.blobs().size(linked.get()).orElse(-1));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.DIGEST_INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private Taken take(JsonNode order) throws IOException {
    try {
      List<byte[]> all = new ArrayList<>();
      order.path("signatures").forEach(each -> all.add(Base64.getDecoder().decode(each.asText(""))));
      return new Taken(signatures.add(Digest.parse(order.path("release").asText("")), all));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.DIGEST_INVALID, String.valueOf(e.getMessage()), e);
    }
  }
}
