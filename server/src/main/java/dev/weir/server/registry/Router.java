package dev.weir.server.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.storage.RepositoryName;

/**
 * Which repository an address means, and where that repository may be filled from. Pure, but for what weir is called.
 *
 * <p>In this order: the upstream's name in the path, {@code ?ns=}, an alias, the longest alias prefix, the proxy, nobody.
 * A host that is not configured is never a place to ask.
 */
public final class Router implements AddressBook {
  private final Map<String, Upstream> upstreams;
  private final Map<String, List<RepositoryName>> aliases;
  private final Optional<Upstream> proxy;
  private final Predicate<String> ownNames;

  /**
   * A router.
   *
   * @param aliases a path of ours, or a subtree where it ends with a slash; each target begins with an upstream's name
   * @param proxy places every name that nothing else places; one of {@code upstreams} where both are the same registry
   * @param ownNames what weir itself is called, which containerd may give as {@code ?ns=}
   */
  public Router(Map<String, Upstream> upstreams, Map<String, List<RepositoryName>> aliases, Optional<Upstream> proxy,
      Predicate<String> ownNames) {
    this.upstreams = Map.copyOf(upstreams);
    this.aliases = Map.copyOf(aliases);
    this.proxy = proxy;
    this.ownNames = ownNames;
  }

  @Override
  public RepositoryName nameOf(RepositoryAddress address) throws RegistryException {
    Optional<String> namespace = address.namespace().filter(ownNames.negate());
    Optional<String> inPath = address.host().isPresent() ? address.host() : upstreamInPath(address.name());
    if (inPath.isPresent() && namespace.isPresent() && !inPath.equals(namespace)) {
      throw new RegistryException(ErrorCode.NAME_INVALID,
          "the path says " + inPath.get() + " and ?ns= says " + namespace.get() + "; leave one of them out");
    }
    Optional<String> host = address.host().or(() -> inPath.isPresent() ? Optional.empty() : namespace);
    if (host.isEmpty()) {
      return address.name();
    }
    if (!upstreams.containsKey(host.get())) {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "no upstream of that name is configured here");
    }
    return join(host.get(), address.name().value());
  }

  private Optional<String> upstreamInPath(RepositoryName name) {
    return Optional.of(name.first()).filter(upstreams::containsKey);
  }

  /** Where {@code name} may be filled from. */
  Route route(RepositoryName name) throws RegistryException {
    Optional<UpstreamRepository> direct = byPath(name);
    if (direct.isPresent()) {
      return new Route(name, List.of(direct.get()), false);
    }
    List<RepositoryName> targets = aliasTargets(name);
    if (!targets.isEmpty()) {
      return new Route(name, targets.stream().map(this::byPath).flatMap(Optional::stream).toList(), false);
    }
    if (proxy.isPresent()) {
      return new Route(name, List.of(throughProxy(proxy.get(), name)), true);
    }
    return new Route(name, List.of(), false);
  }

  private Optional<UpstreamRepository> byPath(RepositoryName name) {
    Upstream upstream = upstreams.get(name.first());
    if (upstream == null || name.value().length() == name.first().length()) {
      return Optional.empty();
    }
    RepositoryName path = RepositoryName.parse(name.value().substring(name.first().length() + 1));
    return Optional.of(new UpstreamRepository(upstream, path, name));
  }

  private List<RepositoryName> aliasTargets(RepositoryName name) throws RegistryException {
    List<RepositoryName> exact = aliases.get(name.value());
    if (exact != null) {
      return exact;
    }
    Optional<String> prefix = aliases.keySet().stream().filter(key -> key.endsWith("/") && name.value().startsWith(key))
        .max(Comparator.comparingInt(String::length));
    if (prefix.isEmpty()) {
      return List.of();
    }
    String below = name.value().substring(prefix.get().length());
    List<RepositoryName> targets = new ArrayList<>();
    for (RepositoryName target : aliases.getOrDefault(prefix.get(), List.of())) {
      targets.add(join(target.value(), below));
    }
    return List.copyOf(targets);
  }

  /** Under its own name, unless the proxied registry has a name here: then under that, as if asked for by it. */
  private UpstreamRepository throughProxy(Upstream proxied, RepositoryName name) throws RegistryException {
    boolean named = proxied.equals(upstreams.get(proxied.name()));
    return new UpstreamRepository(proxied, name, named ? join(proxied.name(), name.value()) : name);
  }

  private static RepositoryName join(String first, String rest) throws RegistryException {
    try {
      return RepositoryName.parse(first + "/" + rest);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()), e);
    }
  }
}
