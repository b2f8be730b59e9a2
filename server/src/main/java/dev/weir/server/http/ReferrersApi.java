package dev.weir.server.http;

import java.io.IOException;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.oci.OciRequest;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

/** What refers to a manifest: signatures, attestations, bills of materials (OCI distribution-spec, "Listing Referrers"). */
final class ReferrersApi {
  private static final Headers INDEX = Headers.of("Content-Type", MediaTypes.OCI_INDEX);

  private final Registry registry;
  private final ObjectMapper mapper = new ObjectMapper();

  ReferrersApi(Registry registry) {
    this.registry = registry;
  }

  void list(Exchange exchange, OciRequest.ListReferrers request, RepositoryName name) throws IOException {
    Optional<String> wanted = request.artifactType().filter(type -> !type.isEmpty());
    ObjectNode index = mapper.createObjectNode().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode list = index.putArray("manifests");
    for (Manifest referrer : registry.referrers(name, request.subject())) {
      Optional<String> type = ManifestDocument.parse(referrer.content()).artifactType();
      if (wanted.isEmpty() || wanted.equals(type)) {
        list.add(descriptor(referrer, type));
      }
    }
    exchange.respond(200, wanted.isPresent() ? INDEX.and("OCI-Filters-Applied", "artifactType") : INDEX,
        mapper.writeValueAsBytes(index));
  }

  private ObjectNode descriptor(Manifest referrer, Optional<String> artifactType) throws IOException {
    ObjectNode descriptor = mapper.createObjectNode().put("mediaType", referrer.mediaType())
        .put("digest", referrer.digest().toString()).put("size", referrer.content().length);
    artifactType.ifPresent(type -> descriptor.put("artifactType", type));
    JsonNode annotations = mapper.readTree(referrer.content()).path("annotations");
    if (annotations.isObject()) {
      descriptor.set("annotations", annotations);
    }
    return descriptor;
  }
}
