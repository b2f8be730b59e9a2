package dev.weir.server.http;

import java.io.IOException;
import java.util.Optional;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.push.PushedManifests.Pushed;
import dev.weir.server.push.Pushing;
import dev.weir.storage.RepositoryName;

/** Manifests that clients send, and what they take away again. */
final class PushApi {
  private final Pushing pushing;
  private final Addresses addresses;

  PushApi(Pushing pushing, Addresses addresses) {
    this.pushing = pushing;
    this.addresses = addresses;
  }

  void putManifest(Exchange exchange, OciRequest.PutManifest request, RepositoryName name) throws IOException {
    pushing.policy().requirePush(exchange.who(), name, request.reference());
    Optional<byte[]> content = exchange.body().readAll(exchange.limits().manifestBytes());
    if (content.isEmpty()) {
      throw new RegistryException(ErrorCode.SIZE_INVALID,
          "a manifest has at most " + exchange.limits().manifestBytes() + " bytes");
    }
    Pushed pushed = pushing.manifests().put(name, request.reference(), mediaType(exchange), content.get());
    Headers headers = Headers.of("Location", addresses.manifest(request.repository(), pushed.digest()))
        .and("Docker-Content-Digest", pushed.digest().toString());
    exchange.respond(201,
        pushed.subject().map(subject -> headers.and("OCI-Subject", subject.toString())).orElse(headers));
  }

  void deleteManifest(Exchange exchange, OciRequest.DeleteManifest request, RepositoryName name) throws IOException {
    pushing.policy().requireDelete(exchange.who(), name);
    pushing.manifests().delete(name, request.reference());
    exchange.respond(202, Headers.NONE);
  }

  void deleteBlob(Exchange exchange, OciRequest.DeleteBlob request, RepositoryName name) throws IOException {
    pushing.policy().requireDelete(exchange.who(), name);
    pushing.manifests().deleteBlob(name, request.digest());
    exchange.respond(202, Headers.NONE);
  }

  /** Without parameters. */
  private static String mediaType(Exchange exchange) {
    String value = exchange.header("Content-Type").orElse("");
    int parameters = value.indexOf(';');
    return (parameters < 0 ? value : value.substring(0, parameters)).strip();
  }
}
