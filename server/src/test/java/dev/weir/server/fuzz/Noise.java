package dev.weir.server.fuzz;

import java.util.List;
import java.util.Random;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Choices and damage, the same for the same seed. */
public final class Noise {
  /** What parsers stumble over. */
  private static final List<String> TOKENS = List.of("", " ", "/", "//", "..", "/../", ".", "%", "%2e%2e%2f", "%00",
      "%zz", "\u0000", "\r", "\n", "\r\n", "\r\n\r\n", "\t", ":", ";", ",", "=", "-", "--", "+", "0", "-1", "1",
      "9223372036854775807", "9223372036854775808", "99999999999999999999", "2147483648", "\"", "'", "\\", "{", "}",
      "[", "]", "$", "é", "\uD83D", "\uFFFF", "\u0130", "\u0660", "~", "*", "?", "&", "#", "@", "sha256:", "sha512:",
      "bytes=", "Basic ", "PROXY ", "null", "true", "_layers", "_manifests", "weir", "docker", "link", "data");

  /** What a server has that was filled for this. */
  static final List<String> BLOBS = List.of("", "abc");
  static final String MANIFEST = """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"a/b",\
      "size":0,"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"layers":[]}""";

  private final Random random;

  public Noise(long seed) {
    this.random = new Random(seed);
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  public boolean in(int chances) {
    return below(chances) == 0;
  }

  @SafeVarargs
  public final <T> T of(T... choices) {
    return choices[below(choices.length)];
  }

  public String token() {
    return TOKENS.get(below(TOKENS.size()));
  }

  /** One of the samples, as it is or damaged. */
  public String like(String... samples) {
    String sample = of(samples);
    return in(4) ? damaged(sample) : sample;
  }

  public String damaged(String sample) {
    StringBuilder text = new StringBuilder(sample);
    for (int i = below(4); i >= 0; i--) {
      int from = below(text.length() + 1);
      int to = Math.min(text.length(), from + below(6));
      switch (below(6)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, token());
        case 2 -> text.replace(from, to, token());
        case 3 -> text.insert(from, text.substring(from, to));
        case 4 -> text.insert(from, String.valueOf((char) below(in(4) ? 0x10000 : 0x80)));
        default -> text.insert(from, (in(2) ? token() : sample).repeat(1 + below(in(20) ? 400 : 5)));
      }
    }
    return text.toString();
  }

  public byte[] damaged(byte[] sample) {
    byte[] bytes = damaged(new String(sample, ISO_8859_1)).getBytes(in(2) ? ISO_8859_1 : UTF_8);
    if (bytes.length > 0 && in(3)) {
      bytes[below(bytes.length)] ^= (byte) (1 << below(8));
    }
    return bytes;
  }

  public byte[] bytes(int most) {
    byte[] bytes = new byte[below(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  public String repository() {
    return like("a", "team/app", "local/repo", "local/repo", "local/repo", "openshift4/ose-cli", "a/b/c/d/e/f/g/h",
        "hub/x", "a__b--c.d",
        "a".repeat(255));
  }

  public String digest() {
    return like("sha256:" + "a".repeat(64), "sha512:" + "0".repeat(128),
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  public String reference() {
    return in(2)
        ? digest()
        : like("latest", "4.18.1-x86_64", "sha256-" + "a".repeat(64) + ".sig", "_", "a".repeat(128));
  }

  /** At the edges of what numbers are kept in. */
  public String number() {
    return of("0", "1", "2", "3", "10", "2147483648", "999999999999999999", "9223372036854775807",
        "9223372036854775808", "99999999999999999999", "00", "-1", "");
  }

  public String range() {
    return like("bytes=" + number() + "-" + number(), "bytes=1-2,5-6", "bytes = 3 - 4", "items=0-1", "bytes=0-");
  }

  public String contentRange() {
    return like(number() + "-" + number(), "bytes " + number() + "-" + number() + "/10", "bytes=0-4/*", "0-9");
  }

  public String credentials() {
    return like("Basic dXNlcjpwYXNz", "Basic Og==", "Basic YWxpY2U6YWxpY2Uncw==", "Bearer x", "Basic =", "basic  YTpi");
  }

  public String forwardedFor() {
    return like("192.0.2.9", "6.6.6.6, 192.0.2.9, 127.0.0.1", "[2001:db8::1]:443", "2001:db8::1", "unknown",
        "::ffff:127.0.0.1", "fe80::1%eth0", "1.2.3.4:5");
  }

  public String challenge() {
    return like("Basic realm=\"x\"", "Bearer realm=\"https://a/b\",service=\"c\",scope=\"repository:d:pull\"",
        "Bearer realm=\"a\\\"b\" , error=\"x\", Basic", "Negotiate abc==");
  }

  public String manifest() {
    return like(MANIFEST,
        """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"size":3,\
            "digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}],"subject":null}""",
        "{\"schemaVersion\":1,\"fsLayers\":[{\"blobSum\":\"sha256:" + "b".repeat(64) + "\"}]}",
        "[".repeat(2000), "{\"a\":".repeat(2000), "{\"schemaVersion\":1e999999999}");
  }

  public byte[] proxyHeader() {
    byte[] sample = of("PROXY TCP4 192.0.2.9 192.0.2.1 4711 443\r\n", "PROXY TCP6 2001:db8::9 ::1 4711 443\r\n",
        "PROXY UNKNOWN\r\n",
        "\r\n\r\n\u0000\r\nQUIT\n!\u0011\u0000\u000c\u00c0\u0000\u0002\u0009\u00c0\u0000\u0002\u0001"
            + "\u0012g\u0001\u00bb",
        "\r\n\r\n\u0000\r\nQUIT\n \u0000\u0000\u0000", "\r\n\r\n\u0000\r\nQUIT\n!\u0011\u00ff\u00ff")
        .getBytes(ISO_8859_1);
    return in(2) ? sample : damaged(sample);
  }

  public String htpasswd() {
    String five = "$2y$05$" + "c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC";
    return like("alice:" + five + "\n", "# c\r\n\r\nbob:" + five + "\r\ncarol:{SHA}x", "a:b:c\n:" + five + "\n",
        "x:$2y$99$" + "a".repeat(53), "alice:" + five.substring(0, 59));
  }
}
