package dev.weir.server.http;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.oci.Page;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.server.oci.RequestPath;
import dev.weir.server.registry.Registry;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Lists of tags, whole or page by page (OCI distribution-spec, "Listing Tags"). */
final class TagsApi {
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  private final Registry registry;
  private final ObjectMapper mapper = new ObjectMapper();

  TagsApi(Registry registry) {
    this.registry = registry;
  }

  /** @param address as the client wrote it, which is how the answer repeats it */
  void list(Exchange exchange, RepositoryAddress address, RepositoryName name, Page page) throws IOException {
    int limit = page.limit().orElse(Integer.MAX_VALUE);
    List<Tag> tags;
    try (Stream<Tag> all = registry.tags(name, page.after())) {
      tags = all.limit(limit + 1L).toList();
    }
    boolean more = tags.size() > limit;
    List<Tag> shown = more ? tags.subList(0, limit) : tags;
    Headers headers = more && limit > 0 ? JSON.and("Link", next(address, limit, shown.getLast())) : JSON;
    exchange.respond(200, headers, document(address.name(), shown));
  }

  private byte[] document(RepositoryName name, List<Tag> tags) throws IOException {
    ObjectNode root = mapper.createObjectNode().put("name", name.value());
    ArrayNode list = root.putArray("tags");
    tags.forEach(tag -> list.add(tag.value()));
    return mapper.writeValueAsBytes(root);
  }

  private static String next(RepositoryAddress address, int limit, Tag last) {
    String host = address.host().map(h -> "/" + encoded(h)).orElse("");
    String namespace = address.namespace().map(ns -> "&ns=" + encoded(ns)).orElse("");
    return "<" + host + RequestPath.tags(address.name()) + "?last=" + encoded(last.value()) + "&n=" + limit + namespace
        + ">; rel=\"next\"";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
