package dev.weir.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.weir.server.net.Network;
import dev.weir.server.tls.CipherSuites;
import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;

/**
 * What a value means and how it is read.
 *
 * @param wanted completes "… is wanted"
 */
record Kind<T>(Form form, String wanted, Function<Node, T> reading) {
  /** The shapes that a value may have. */
  enum Form {
    SCALAR, LIST, SCALAR_OR_LIST, MAP, SECTIONS, OPAQUE
  }

  /** Every kind is one of its own, and compared at nearly every key: parts do not matter. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  private static final int LONGEST_SHOWN = 80;
  private static final Pattern HOST = Pattern
      .compile("[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[[0-9a-fA-F:.]+](?::[0-9]{1,5})?");

  static final Kind<String> TEXT = scalar("text", text -> text);
  static final Kind<Secret> SECRET = scalar("text", Secret::new);
  static final Kind<Boolean> FLAG = scalar("true or false", Kind::flag);
  static final Kind<Integer> COUNT = scalar("a whole number, 0 or more", Kind::count);
  static final Kind<Integer> POSITIVE = scalar("a whole number, 1 or more", Kind::positive);
  static final Kind<Duration> DURATION = scalar("a duration with its unit, such as 10m or 168h", GoDuration::parse);
  /** In distribution's own keys, where a number without unit counts nanoseconds. */
  static final Kind<Duration> GO_DURATION = scalar("a duration such as 10m or 168h",
      GoDuration::parseBareAsNanoseconds);
  static final Kind<ByteSize> SIZE = scalar("a size such as 100GiB", ByteSize::parse);
  static final Kind<ByteRate> RATE = scalar("a rate such as 8Mbit/s or 1MB/s", ByteRate::parse);
  static final Kind<JobHours> JOB_HOURS = scalar("a part of the day such as 22:00-06:00", JobHours::parse);
  static final Kind<DiskLimit> DISK_LIMIT = scalar("a size such as 100GiB, or a share such as 80%", DiskLimit::parse);
  static final Kind<ListenAddress> ADDRESS = scalar("an address such as :5000, 127.0.0.1:5000 or [::1]:5000",
      ListenAddress::parse);
  static final Kind<Path> PATH = scalar("a path", Path::of);
  static final Kind<URI> URL = scalar("an address such as https://registry.example.com:5000", WebAddress::parse);
  static final Kind<URI> SERVER_URL = scalar("scheme, host and port alone, such as https://registry.example.com:5000",
      WebAddress::parseServer);
  static final Kind<LogConfig.Level> LEVEL = scalar("debug, info, warn or error", LogConfig.Level::parse);
  static final Kind<LogConfig.Format> FORMAT = scalar("text, json or logstash", LogConfig.Format::parse);
  static final Kind<MinimumTls> MINIMUM_TLS = scalar("tls1.2 or tls1.3", MinimumTls::parse);
  static final Kind<ClientAuthentication> CLIENT_AUTH = scalar(
      "require-and-verify-client-cert or verify-client-cert-if-given", TlsWords::clientAuth);
  static final Kind<TlsSettings.Provider> TLS_PROVIDER = scalar("auto or jdk", TlsWords::provider);
  static final Kind<List<String>> CIPHER_SUITES = list(
      scalar("a cipher suite by the name that Go gives it, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          CipherSuites::parse));
  static final Kind<List<Path>> PATHS = list(PATH);
  static final Kind<List<String>> TEXTS = list(TEXT);
  static final Kind<List<String>> ONE_OR_MORE_TEXTS = new Kind<>(Form.SCALAR_OR_LIST, "a text or a list of texts",
      node -> TEXTS.parse(inList(node)));
  static final Kind<List<JobHours>> ONE_OR_MORE_JOB_HOURS = new Kind<>(Form.SCALAR_OR_LIST,
      "one or more parts of the day such as 22:00-06:00", node -> list(JOB_HOURS).parse(inList(node)));
  static final Kind<List<String>> HOSTS = list(
      matching(HOST, "a host name such as auth.example.com, without https://"));
  static final Kind<List<Network>> NETWORKS = list(
      scalar("an address or network such as 10.0.0.0/8 or fd00::/8", Network::parse));
  static final Kind<List<URI>> URLS = list(URL);
  static final Kind<Map<String, String>> LABELS = map(TEXT);
  static final Kind<Map<String, List<String>>> HEADERS = map(ONE_OR_MORE_TEXTS);
  /** A list of sections, read by whoever binds them; a variable sets it as a whole. */
  static final Kind<List<Node>> SECTIONS = new Kind<>(Form.SECTIONS, "a list of sections", node -> {
    if (!(node instanceof Node.Sequence sequence)) {
      throw new IllegalArgumentException(node.shape() + " stands here where a list of sections is wanted");
    }
    return sequence.items();
  });
  /** Not looked into. */
  static final Kind<Node> OPAQUE = new Kind<>(Form.OPAQUE, "anything", node -> node);

  /** @throws IllegalArgumentException whose message is a sentence about the value */
  T parse(Node node) {
    return reading.apply(node);
  }

  private static <T> Kind<T> scalar(String wanted, Function<String, T> reading) {
    return new Kind<>(Form.SCALAR, wanted, node -> {
      if (!(node instanceof Node.Scalar scalar)) {
        throw new IllegalArgumentException(node.shape() + " stands here where " + wanted + " is wanted");
      }
      try {
        return reading.apply(scalar.text());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(shown(scalar.text()) + " stands here where " + wanted + " is wanted", e);
      }
    });
  }

  private static Kind<String> matching(Pattern form, String wanted) {
    return scalar(wanted, text -> {
      if (!form.matcher(text).matches()) {
        throw new IllegalArgumentException(wanted);
      }
      return text;
    });
  }

  private static <T> Kind<List<T>> list(Kind<T> items) {
    String wanted = "a list, each item " + items.wanted();
    return new Kind<>(Form.LIST, wanted, node -> {
      if (!(node instanceof Node.Sequence sequence)) {
        throw new IllegalArgumentException(node.shape() + " stands here where " + wanted + " is wanted");
      }
      return sequence.items().stream().map(items::parse).toList();
    });
  }

  private static <T> Kind<Map<String, T>> map(Kind<T> values) {
    String wanted = "names, each with " + values.wanted();
    return new Kind<>(Form.MAP, wanted, node -> {
      if (!(node instanceof Node.Mapping mapping)) {
        throw new IllegalArgumentException(node.shape() + " stands here where " + wanted + " are wanted");
      }
      Map<String, T> parsed = new LinkedHashMap<>();
      mapping.entries().forEach((name, value) -> parsed.put(name, values.parse(value)));
      return Ordered.copyOf(parsed);
    });
  }

  private static Node inList(Node node) {
    return node instanceof Node.Scalar ? new Node.Sequence(List.of(node), node.origin()) : node;
  }

  /** YAML 1.1's words, as distribution's parser takes them. */
  private static boolean flag(String text) {
    return switch (text) {
      case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y" -> true;
      case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static int count(String text) {
    int count = Integer.parseInt(text);
    if (count < 0) {
      throw new IllegalArgumentException("negative");
    }
    return count;
  }

  private static int positive(String text) {
    int count = count(text);
    if (count == 0) {
      throw new IllegalArgumentException("zero");
    }
    return count;
  }

  /** An address may carry somebody's password before the {@code @}. */
  private static String shown(String text) {
    if (text.contains("@")) {
      return "a value with an @ in it";
    }
    String start = text.substring(0, Math.min(text.length(), LONGEST_SHOWN));
    return "'" + start.replaceAll("\\p{Cntrl}", "?") + (start.length() < text.length() ? "…'" : "'");
  }
}
