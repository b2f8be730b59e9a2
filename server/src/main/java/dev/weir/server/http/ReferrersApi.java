package dev.weir.server.http;

import java.io.IOException;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.Referrer;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Descriptor;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

/** What refers to a manifest: signatures, attestations, bills of materials (OCI distribution-spec, "Listing Referrers"). */
final class ReferrersApi {
  private static final Headers INDEX = Headers.of("Content-Type", MediaTypes.OCI_INDEX);

  private final Registry registry;

  ReferrersApi(Registry registry) {
    this.registry = registry;
  }

  void list(Exchange exchange, OciRequest.ListReferrers request, RepositoryName name) throws IOException {
    Optional<String> wanted = request.artifactType().filter(type -> !type.isEmpty());
    ObjectNode index = JsonText.object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode list = index.putArray("manifests");
    for (Referrer referrer : registry.referrers(name, request.subject())) {
      if (wanted.isEmpty() || wanted.equals(referrer.artifactType())) {
        list.add(descriptor(referrer));
      }
    }
    exchange.respond(200, wanted.isPresent() ? INDEX.and("OCI-Filters-Applied", "artifactType") : INDEX,
        JsonText.of(index));
  }

  private ObjectNode descriptor(Referrer referrer) {
    Descriptor of = referrer.descriptor();
    ObjectNode descriptor = JsonText.object().put("mediaType", of.mediaType())
        .put("digest", of.digest().toString()).put("size", of.size());
    referrer.artifactType().ifPresent(type -> descriptor.put("artifactType", type));
    if (!referrer.annotations().isEmpty()) {
      ObjectNode annotations = descriptor.putObject("annotations");
      referrer.annotations().forEach(annotations::put);
    }
    return descriptor;
  }
}
