package dev.weir.server.http;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.server.push.Pushing;
import dev.weir.server.push.Upload;
import dev.weir.server.push.UploadBody;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** Blobs that clients send: in one request or in many (OCI distribution-spec, "Pushing a Blob in Chunks"). */
final class UploadApi {
  /** Without {@code bytes} before it: the spec's form, which is not RFC 9110's. */
  private static final Pattern CHUNK = Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/.*)?");
  private static final String STATE = "_state";

  private final Pushing pushing;
  private final Addresses addresses;

  UploadApi(Pushing pushing, Addresses addresses) {
    this.pushing = pushing;
    this.addresses = addresses;
  }

  void start(Exchange exchange, OciRequest.StartUpload request, RepositoryName name) throws IOException {
    pushing.policy().requirePush(exchange.who(), name);
    if (request.mount().isPresent()
        && pushing.mounts().mount(name, request.mount().get(), addresses.mountSource(request))) {
      created(exchange, request.repository(), request.mount().get());
      return;
    }
    Upload upload = pushing.uploads().start();
    if (request.digest().isPresent()) {
      takeWhole(exchange, request.repository(), name, upload, request.digest().get());
    } else {
      exchange.respond(202, location(exchange, request.repository(), name, upload, 0));
    }
  }

  /** Nobody but this request knows the session, so it does not outlive it. */
  private void takeWhole(Exchange exchange, RepositoryAddress address, RepositoryName name, Upload upload,
      Digest digest) throws IOException {
    try {
      pushing.uploads().finish(name, upload, body(exchange), start(exchange), digest);
    } catch (IOException | RuntimeException e) {
      pushing.uploads().cancel(upload);
      throw e;
    }
    created(exchange, address, digest);
  }

  void status(Exchange exchange, OciRequest.UploadStatus request, RepositoryName name) throws IOException {
    Upload upload = find(exchange, name, request.session());
    exchange.respondWithoutBody(204, location(exchange, request.repository(), name, upload, upload.size()));
  }

  void patch(Exchange exchange, OciRequest.PatchUpload request, RepositoryName name) throws IOException {
    pushing.policy().requirePush(exchange.who(), name);
    Upload upload = find(exchange, name, request.session());
    try {
      OptionalLong start = start(exchange);
      requireFullChunk(exchange);
      long size = upload.append(body(exchange), start);
      exchange.respond(202, location(exchange, request.repository(), name, upload, size));
    } catch (RegistryException e) {
      refuse(exchange, request.repository(), name, upload, e);
    }
  }

  void finish(Exchange exchange, OciRequest.FinishUpload request, RepositoryName name) throws IOException {
    pushing.policy().requirePush(exchange.who(), name);
    Upload upload = find(exchange, name, request.session());
    try {
      pushing.uploads().finish(name, upload, body(exchange), start(exchange), request.digest());
      created(exchange, request.repository(), request.digest());
    } catch (RegistryException e) {
      refuse(exchange, request.repository(), name, upload, e);
    }
  }

  /** A chunk in the wrong place is told where the right one is. */
  private void refuse(Exchange exchange, RepositoryAddress address, RepositoryName name, Upload upload,
      RegistryException reason) throws IOException {
    if (reason.code() != ErrorCode.RANGE_INVALID) {
      throw reason;
    }
    new ErrorResponse().answer(exchange, reason, location(exchange, address, name, upload, upload.size()));
  }

  void cancel(Exchange exchange, OciRequest.CancelUpload request, RepositoryName name) throws IOException {
    pushing.uploads().cancel(find(exchange, name, request.session()));
    exchange.respondWithoutBody(204, Headers.NONE);
  }

  private Upload find(Exchange exchange, RepositoryName name, String session) throws IOException {
    return pushing.uploads().find(name, session, exchange.user(), exchange.query().getOrDefault(STATE, ""));
  }

  private static UploadBody body(Exchange exchange) {
    return exchange.body()::next;
  }

  /** Where the client says that its chunk begins. */
  private static OptionalLong start(Exchange exchange) throws RegistryException {
    Optional<String> range = exchange.header("Content-Range");
    if (range.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(chunk(range.get()).group(1)));
  }

  private static Matcher chunk(String range) throws RegistryException {
    Matcher chunk = CHUNK.matcher(range.strip());
    if (!chunk.matches() || Long.parseLong(chunk.group(2)) < Long.parseLong(chunk.group(1))) {
      throw new RegistryException(ErrorCode.RANGE_INVALID, "a chunk's Content-Range is <first byte>-<last byte>");
    }
    return chunk;
  }

  /** A chunk whose range and length disagree is refused before a byte of it is taken. */
  private static void requireFullChunk(Exchange exchange) throws RegistryException {
    Optional<String> range = exchange.header("Content-Range");
    OptionalLong length = exchange.body().length();
    if (range.isPresent() && length.isPresent()) {
      Matcher chunk = chunk(range.get());
      if (Long.parseLong(chunk.group(2)) - Long.parseLong(chunk.group(1)) + 1 != length.getAsLong()) {
        throw new RegistryException(ErrorCode.SIZE_INVALID,
            "the chunk's Content-Range is " + range.get() + " and its length " + length.getAsLong() + " bytes");
      }
    }
  }

  /** Relative, so that it repeats whatever form of address the client used, behind whatever proxy. */
  private Headers location(Exchange exchange, RepositoryAddress address, RepositoryName name, Upload upload,
      long size) throws IOException {
    String state = pushing.uploads().state(name, upload, exchange.user());
    String location = addresses.upload(address, upload.session(), STATE + "=" + state);
    return Headers.of("Location", location).and("Docker-Upload-UUID", upload.session())
        .and("Range", "0-" + Math.max(0, size - 1));
  }

  private void created(Exchange exchange, RepositoryAddress address, Digest digest) throws IOException {
    exchange.respond(201, Headers.of("Location", addresses.blob(address, digest)).and("Docker-Content-Digest",
        digest.toString()));
  }
}
