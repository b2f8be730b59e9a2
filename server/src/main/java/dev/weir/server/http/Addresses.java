package dev.weir.server.http;

import java.net.URLEncoder;
import java.util.Optional;

import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.server.oci.RequestPath;
import dev.weir.server.registry.AddressBook;
import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The addresses that answers carry: relative, in the form in which the client wrote its own. */
final class Addresses {
  private final AddressBook book;

  Addresses(AddressBook book) {
    this.book = book;
  }

  /** The repository that a mount takes from, addressed in the same form as the one it is for. Empty: there is none such. */
  Optional<RepositoryName> mountSource(OciRequest.StartUpload request) {
    RepositoryAddress target = request.repository();
    if (request.from().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(book.nameOf(new RepositoryAddress(request.from().get(), target.host(), target.namespace())));
    } catch (RegistryException e) {
      return Optional.empty();
    }
  }

  String upload(RepositoryAddress address, String session, String query) {
    return host(address) + RequestPath.uploads(address.name()) + session + "?" + query + namespace(address, "&");
  }

  String blob(RepositoryAddress address, Digest digest) {
    return host(address) + RequestPath.blob(address.name(), digest) + namespace(address, "?");
  }

  String manifest(RepositoryAddress address, Reference reference) {
    return host(address) + RequestPath.manifest(address.name(), reference) + namespace(address, "?");
  }

  /** The next page of a list of tags, as the value of {@code Link}. */
  static String nextTags(RepositoryAddress address, int limit, String last) {
    return next(host(address) + RequestPath.tags(address.name()), limit, last, namespace(address, "&"));
  }

  static String nextRepositories(int limit, String last) {
    return next("/v2/_catalog", limit, last, "");
  }

  private static String next(String path, int limit, String last, String more) {
    return "<" + path + "?last=" + URLEncoder.encode(last, UTF_8) + "&n=" + limit + more + ">; rel=\"next\"";
  }

  private static String host(RepositoryAddress address) {
    return address.host().map(host -> "/" + URLEncoder.encode(host, UTF_8)).orElse("");
  }

  private static String namespace(RepositoryAddress address, String separator) {
    Optional<String> namespace = address.namespace();
    return namespace.map(ns -> separator + "ns=" + URLEncoder.encode(ns, UTF_8)).orElse("");
  }
}
