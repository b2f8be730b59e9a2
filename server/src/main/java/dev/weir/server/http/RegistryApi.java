package dev.weir.server.http;

import java.io.IOException;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.OciRequestParser;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.AddressBook;
import dev.weir.server.registry.Registry;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The OCI distribution API: which request goes where. */
public final class RegistryApi implements RequestHandler {
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  private final AddressBook book;
  private final PullApi pull;
  private final TagsApi tags;

  public RegistryApi(Registry registry, AddressBook book) {
    this.book = book;
    this.pull = new PullApi(registry);
    this.tags = new TagsApi(registry);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.always("Docker-Distribution-API-Version", "registry/2.0");
    answer(exchange, OciRequestParser.parse(exchange.method(), exchange.path(), exchange.query()));
  }

  private void answer(Exchange exchange, OciRequest request) throws IOException {
    switch (request) {
      case OciRequest.Ping ping -> exchange.respond(200, JSON, "{}".getBytes(UTF_8));
      case OciRequest.GetManifest get -> pull.manifest(exchange, name(get), get.reference());
      case OciRequest.GetBlob get -> pull.blob(exchange, name(get), get.digest());
      case OciRequest.HeadBlob head -> pull.blobHead(exchange, name(head), head.digest());
      case OciRequest.ListTags list -> tags.list(exchange, list.repository(), name(list), list.page());
      case OciRequest.Catalog other -> throw unsupported(exchange);
      case OciRequest.ListReferrers other -> throw unsupported(exchange);
      case OciRequest.PutManifest push -> throw unsupported(exchange);
      case OciRequest.DeleteManifest push -> throw unsupported(exchange);
      case OciRequest.DeleteBlob push -> throw unsupported(exchange);
      case OciRequest.StartUpload push -> throw unsupported(exchange);
      case OciRequest.UploadStatus other -> throw unsupported(exchange);
      case OciRequest.PatchUpload push -> throw unsupported(exchange);
      case OciRequest.FinishUpload push -> throw unsupported(exchange);
      case OciRequest.CancelUpload push -> throw unsupported(exchange);
    }
  }

  private RepositoryName name(OciRequest.InRepository request) throws RegistryException {
    return book.nameOf(request.repository());
  }

  private static RegistryException unsupported(Exchange exchange) {
    return new RegistryException(ErrorCode.UNSUPPORTED,
        exchange.method() + " is not supported here: " + exchange.path());
  }
}
