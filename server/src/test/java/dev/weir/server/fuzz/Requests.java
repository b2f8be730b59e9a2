package dev.weir.server.fuzz;

import java.io.ByteArrayOutputStream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** What a connection carries: a few requests, of which some make sense. */
final class Requests {
  private final Noise noise;
  /** The address of an upload that is open, with its {@code _state}. */
  private final String upload;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Requests(Noise noise, String upload) {
    this.noise = noise;
    this.upload = upload;
  }

  byte[] make() {
    if (noise.in(4)) {
      bytes.writeBytes(noise.proxyHeader());
    }
    for (int i = noise.below(4); i >= 0; i--) {
      byte[] request = request();
      bytes.writeBytes(noise.in(6) ? noise.damaged(request) : request);
    }
    if (noise.in(20)) {
      bytes.writeBytes(noise.bytes(3000));
    }
    return bytes.toByteArray();
  }

  private byte[] request() {
    byte[] body = body();
    StringBuilder head = new StringBuilder();
    switch (noise.below(3)) {
      case 0 ->
        line(head, noise.of("PATCH", "PUT", "GET", "DELETE"), uploadTarget(), "Content-Range: ", noise.contentRange());
      case 1 -> line(head, "GET", "/v2/local/repo/blobs/" + noise.digest(), "Range: ", noise.range());
      default -> line(head, noise.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "X"), target(),
          noise.token(), ": " + noise.token());
    }
    for (int i = noise.below(4); i > 0; i--) {
      head.append(field()).append("\r\n");
    }
    boolean chunked = noise.in(5);
    head.append(chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + length(body) + "\r\n").append("\r\n");
    String text = new String(body, ISO_8859_1);
    String sent = chunked
        ? Integer.toHexString(body.length) + "\r\n" + text + (body.length == 0 ? "" : "\r\n0\r\n")
            + "\r\n"
        : text;
    return (head + sent).getBytes(ISO_8859_1);
  }

  private void line(StringBuilder head, String method, String target, String name, String value) {
    head.append(method).append(' ').append(noise.in(8) ? target : escaped(target))
        .append(noise.in(20) ? noise.like(" HTTP/1.0", " HTTP/9", "") : " HTTP/1.1").append("\r\nHost: weir\r\n");
    if (noise.in(2)) {
      head.append(clean(name + value)).append("\r\n");
    }
  }

  private String uploadTarget() {
    String target = noise.like(upload);
    return noise.in(3) ? target + "&digest=" + noise.digest() : target;
  }

  private String clean(String field) {
    return noise.in(8) ? field : field.replaceAll("[\r\n\u0000]", "");
  }

  private String length(byte[] body) {
    return noise.in(20) ? noise.like(body.length + "", "-1", "99999999999", "0") : body.length + "";
  }

  private byte[] body() {
    return switch (noise.below(4)) {
      case 0 -> noise.manifest().getBytes(UTF_8);
      case 1 -> noise.bytes(2000);
      default -> new byte[0];
    };
  }

  private String target() {
    String repository = "/v2/" + noise.repository();
    return switch (noise.below(7)) {
      case 0 -> repository + "/manifests/" + noise.reference();
      case 1 -> repository + "/blobs/" + noise.digest();
      case 2 -> repository + "/blobs/uploads/" + noise.of("", "?digest=" + noise.digest(),
          "?mount=" + noise.digest() + "&from=" + noise.repository());
      case 3 -> repository + "/tags/list?n=" + noise.like("1", "0", "9999999999") + "&last=" + noise.reference();
      case 4 -> repository + "/referrers/" + noise.digest() + "?artifactType=" + noise.token();
      case 7 ->
        noise.like("/v2/", "/v2/_catalog?n=1&last=a", "/", "/healthz", "/readyz", "/metrics", "/quay.io/v2/a/tags/list",
            "http://h/v2/", "*");
      default -> repository + "/" + noise.token();
    };
  }

  /** As a client would, so that it is more than the decoder that gets to see it. */
  private static String escaped(String target) {
    StringBuilder text = new StringBuilder();
    for (byte each : target.getBytes(UTF_8)) {
      text.append(each > ' ' && each < 0x7f ? String.valueOf((char) each) : String.format("%%%02x", each & 0xff));
    }
    return text.toString();
  }

  private String field() {
    String field = switch (noise.below(11)) {
      case 0 -> "Range: " + noise.range();
      case 1 -> "Content-Range: " + noise.contentRange();
      case 2 -> "Authorization: " + noise.credentials();
      case 3 -> "X-Forwarded-For: " + noise.forwardedFor();
      case 4 -> "If-None-Match: " + noise.like("\"" + noise.digest() + "\"", "*");
      case 5 -> "If-Range: " + noise.like("\"" + noise.digest() + "\"", "W/\"a\"");
      case 6 -> "Content-Type: " + noise.like("application/vnd.oci.image.manifest.v1+json; charset=utf-8", "a/b");
      case 7 -> "Expect: " + noise.like("100-continue", "200-ok");
      case 8 -> "Connection: " + noise.like("close", "keep-alive", "Upgrade");
      case 9 -> "Accept: " + noise.like("text/html", "*/*");
      default -> noise.token() + ": " + noise.token();
    };
    return clean(field);
  }
}
