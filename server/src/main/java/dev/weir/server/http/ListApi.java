package dev.weir.server.http;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.Page;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.server.registry.Registry;
import dev.weir.storage.RepositoryName;

/** Lists, whole or page by page: tags (OCI distribution-spec, "Listing Tags") and repositories (distribution's catalogue). */
final class ListApi {
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  private final Registry registry;
  private final ListSizes sizes;

  ListApi(Registry registry, ListSizes sizes) {
    this.registry = registry;
    this.sizes = sizes;
  }

  void tags(Exchange exchange, OciRequest.ListTags request, RepositoryName name) throws IOException {
    RepositoryAddress address = request.repository();
    int limit = request.page().limit().orElse(Integer.MAX_VALUE);
    if (request.page().limit().isPresent() && sizes.tags() > 0 && limit > sizes.tags()) {
      throw new RegistryException(ErrorCode.PAGINATION_NUMBER_INVALID,
          "n is larger than the " + sizes.tags() + " tags that may be asked for at once here (tags.maxtags)");
    }
    try (Stream<?> all = registry.tags(name, request.page().after())) {
      ObjectNode root = JsonText.object().put("name", address.name().value());
      answer(exchange, root, "tags", all, limit, last -> Addresses.nextTags(address, limit, last));
    }
  }

  /** @param shown which of them the client gets to see */
  void repositories(Exchange exchange, Page page, Predicate<RepositoryName> shown) throws IOException {
    int limit = Math.min(page.limit().orElse(sizes.repositories()), sizes.repositories());
    try (Stream<?> all = registry.repositories(page.after()).filter(shown)) {
      answer(exchange, JsonText.object(), "repositories", all, limit,
          last -> Addresses.nextRepositories(limit, last));
    }
  }

  private void answer(Exchange exchange, ObjectNode root, String field, Stream<?> all, int limit,
      Function<String, String> next) throws IOException {
    List<String> found = all.limit(limit + 1L).map(Object::toString).toList();
    boolean more = found.size() > limit;
    List<String> shown = more ? found.subList(0, limit) : found;
    ArrayNode list = root.putArray(field);
    shown.forEach(list::add);
    Headers headers = more && limit > 0 ? JSON.and("Link", next.apply(shown.getLast())) : JSON;
    exchange.respond(200, headers, JsonText.of(root));
  }
}
