package dev.weir.server.http;

import java.io.IOException;

import dev.weir.server.oci.Asker;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.OciRequestParser;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.Via;
import dev.weir.server.push.Pushing;
import dev.weir.server.registry.AddressBook;
import dev.weir.server.registry.Registry;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The OCI distribution API: which request goes where. */
public final class RegistryApi implements RequestHandler {
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  private final Gate gate;
  private final AddressBook book;
  private final PullApi pull;
  private final ListApi lists;
  private final ReferrersApi referrers;
  private final UploadApi uploads;
  private final PushApi push;
  private final String self;

  /**
   * An API over a registry.
   *
   * @param gate what every request goes through first
   * @param self what this weir is called in {@code Via}
   */
  public RegistryApi(Gate gate, Registry registry, Pushing pushing, AddressBook book, ListSizes sizes,
      String self) {
    this.self = self;
    Addresses addresses = new Addresses(book);
    this.gate = gate;
    this.book = book;
    this.pull = new PullApi(registry);
    this.lists = new ListApi(registry, sizes);
    this.referrers = new ReferrersApi(registry);
    this.uploads = new UploadApi(pushing, addresses);
    this.push = new PushApi(pushing, addresses);
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.always("Docker-Distribution-API-Version", "registry/2.0");
    gate.identify(exchange);
    OciRequest asked = OciRequestParser.parse(exchange.method(), exchange.path(), exchange.query());
    OciRequest permitted = gate.permit(exchange, asked);
    asker(exchange).ask(() -> answer(exchange, permitted));
  }

  private Asker asker(Exchange exchange) {
    exchange.always(Via.HEADER, Via.NOBODY.then(self).toString());
    Via via = Via.parse(exchange.header(Via.HEADER));
    return new Asker(via, via.passed(self), remark -> {
      switch (remark) {
        case STALE -> exchange.always("Warning", "110 weir \"Response is Stale\"");
      }
    }, exchange.id());
  }

  private void answer(Exchange exchange, OciRequest request) throws IOException {
    switch (request) {
      case OciRequest.Ping ping -> exchange.respond(200, JSON, "{}".getBytes(UTF_8));
      case OciRequest.GetManifest get -> pull.manifest(exchange, name(get), get.reference());
      case OciRequest.GetBlob get -> pull.blob(exchange, name(get), get.digest());
      case OciRequest.HeadBlob head -> pull.blobHead(exchange, name(head), head.digest());
      case OciRequest.ListTags list -> lists.tags(exchange, list, name(list));
      case OciRequest.Catalog catalog -> lists.repositories(exchange, catalog.page(), gate.pullable(exchange));
      case OciRequest.ListReferrers list -> referrers.list(exchange, list, name(list));
      case OciRequest.PutManifest put -> push.putManifest(exchange, put, name(put));
      case OciRequest.DeleteManifest delete -> push.deleteManifest(exchange, delete, name(delete));
      case OciRequest.DeleteBlob delete -> push.deleteBlob(exchange, delete, name(delete));
      case OciRequest.StartUpload start -> uploads.start(exchange, start, name(start));
      case OciRequest.UploadStatus status -> uploads.status(exchange, status, name(status));
      case OciRequest.PatchUpload patch -> uploads.patch(exchange, patch, name(patch));
      case OciRequest.FinishUpload finish -> uploads.finish(exchange, finish, name(finish));
      case OciRequest.CancelUpload cancel -> uploads.cancel(exchange, cancel, name(cancel));
    }
  }

  private RepositoryName name(OciRequest.InRepository request) throws RegistryException {
    return book.nameOf(request.repository());
  }
}
