package dev.weir.server.pullthrough;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.wiring.Waits;
import dev.weir.server.wiring.Weir;

import static org.assertj.core.api.Assertions.assertThat;

/** A weir that runs in this process, on ports that the kernel chose. */
public final class TestWeir implements AutoCloseable {
  private final Weir weir;

  private TestWeir(Weir weir) {
    this.weir = weir;
  }

  /** @param root where its data lies, and its configuration beside that */
  public static Builder in(Path root) {
    return new Builder(root);
  }

  public int port() {
    return weir.port();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public TestClient client() {
    return new TestClient(uri());
  }

  /** The value of a metric, the sum over its tags where it has some. */
  public double metric(String name) {
    String all = metrics();
    List<String> lines = all.lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .toList();
    assertThat(lines).as("metric %s in %s", name, all).isNotEmpty();
    return lines.stream().map(line -> line.substring(line.lastIndexOf(' ') + 1)).mapToDouble(Double::parseDouble).sum();
  }

  /** As Prometheus reads them. */
  public String metrics() {
    return new TestClient(URI.create("http://127.0.0.1:" + weir.debugPort().orElseThrow())).get("/metrics").text();
  }

  /** Every file of the data whose path contains {@code part}, relative to the root. */
  public List<String> files(String part) {
    try {
      return LiveFiles.below(weir.dataRoot()).keySet().stream().map(file -> weir.dataRoot().relativize(file).toString())
          .filter(path -> path.contains(part)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    weir.close();
  }

  /** What is configured. */
  public static final class Builder {
    private final Path root;
    private final Map<String, String> upstreams = new LinkedHashMap<>();
    private String sections = "";
    private int port;
    private String cache = "tagttl: 10m";
    private Waits waits = TestWaits.LONG;
    private Map<String, String> environment = Map.of();
    private boolean deletes;
    private String storage;

    private Builder(Path root) {
      this.root = root;
      this.storage = "filesystem: {rootdirectory: '" + root + "'}";
    }

    /** @param keys of the section, as YAML: its data lies elsewhere, and below the root what is on its way */
    public Builder storage(String keys) {
      storage = keys;
      return this;
    }

    public Builder upstream(String name, URI remote) {
      return upstream(name, "remoteurl: '" + remote + "'");
    }

    /** @param keys of its section, as YAML */
    public Builder upstream(String name, String keys) {
      upstreams.put(name, keys);
      return this;
    }

    /** @param keys of the section, as YAML */
    public Builder cache(String keys) {
      cache = keys;
      return this;
    }

    /** @param yaml whole top-level sections */
    public Builder section(String yaml) {
      sections += yaml + "\n";
      return this;
    }

    /** Clients may delete. */
    public Builder deletes() {
      deletes = true;
      return this;
    }

    public Builder waits(Waits other) {
      waits = other;
      return this;
    }

    /** Where it listens, where that has to be known before it starts. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    public Builder environment(Map<String, String> variables) {
      environment = Map.copyOf(variables);
      return this;
    }

    public TestWeir start() {
      try {
        Path file = Files.writeString(root.resolveSibling(root.getFileName() + ".yml"), yaml());
        return new TestWeir(Weir.start(ConfigLoader.load(file, environment).config(), environment, waits));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (ConfigException e) {
        throw new AssertionError(e);
      }
    }

    private String yaml() {
      return """
          version: 0.1
          http: {addr: "127.0.0.1:%d", draintimeout: 50ms, debug: {addr: "127.0.0.1:0", prometheus: {enabled: true}}}
          storage: {%s, delete: {enabled: %s}}
          cache: {%s}
          upstreams: {%s}
          %s
          """.formatted(port, storage, deletes, cache, upstreams.entrySet().stream()
          .map(each -> each.getKey() + ": {" + each.getValue() + "}").collect(Collectors.joining(", ")), sections);
    }
  }
}
