package dev.weir.server.ui;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import dev.weir.server.openshift.ClusterVersion;
import dev.weir.server.openshift.Door;
import dev.weir.server.openshift.Emitted;
import dev.weir.server.openshift.Inputs;
import dev.weir.server.openshift.Kind;
import dev.weir.server.openshift.Sources;
import dev.weir.server.openshift.Transport;
import dev.weir.storage.RepositoryName;

/** What to copy so that hosts and clusters pull through this weir. */
public final class Commands {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final List<Sources.Upstream> upstreams;
  private final List<Sources.Alias> aliases;
  private final Names names;
  private final Transport secure;

  /**
   * What weir is called.
   *
   * @param configured {@code http.host}, a host and perhaps a port
   * @param isOwn whether a host, with or without a port, is weir for sure
   */
  public record Names(Optional<String> configured, Predicate<String> isOwn) {}

  /** @param secure how weir is spoken to where that is not in plain HTTP */
  public Commands(List<Sources.Upstream> upstreams, List<Sources.Alias> aliases, Names names, Transport secure) {
    this.upstreams = List.copyOf(upstreams);
    this.aliases = List.copyOf(aliases);
    this.names = names;
    this.secure = secure;
  }

  /** A file, and what is in it. */
  record Text(String path, String text) {}

  /**
   * For one host that weir is known by.
   *
   * @param door null: it can stand in no image's name
   * @param lacks why there are no files, where there are none
   */
  record View(@Nullable String door, boolean plain, List<Text> files, @Nullable String lacks) {}

  View show(Question question) {
    boolean plain = !question.text("secure").equals("true");
    try {
      Door door = Door.parse(host(question.host()), plain ? HTTP : HTTPS);
      return new View(door.toString(), plain, files(door, plain, question.visitor().mayPull()), null);
    } catch (IllegalArgumentException e) {
      return new View(null, plain, List.of(), e.getMessage());
    }
  }

  /** As the browser calls it, unless only another name is known to be weir's. */
  private String host(String asked) {
    return names.isOwn().test(asked) ? asked : names.configured().orElse(asked);
  }

  private List<Text> files(Door door, boolean plain, Predicate<RepositoryName> mayPull) {
    List<Sources.Alias> known = aliases.stream().filter(alias -> mayPull.test(RepositoryName.parse(alias.path())))
        .toList();
    var site = new dev.weir.server.openshift.Site(door, plain ? new Transport.Plain() : secure,
        Sources.of(upstreams, known, Optional.empty()), false, ClusterVersion.CURRENT);
    Inputs inputs = new Inputs(site, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
        List.of(),
        Optional.empty(), Set.of(), Optional.empty(), Optional.empty());
    return List.of(Kind.REGISTRIES_CONF, Kind.MIRRORS, Kind.HOSTS_TOML).stream()
        .filter(kind -> kind.lacks(inputs).isEmpty()).flatMap(kind -> kind.emit(inputs).stream())
        .filter(each -> !each.secret()).map(Commands::text).toList();
  }

  private static Text text(Emitted file) {
    return new Text(file.path(), file.text());
  }
}
