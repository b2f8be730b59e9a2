package dev.weir.server.wiring;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.weir.auth.AccessRule;
import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.RepositoryPattern;
import dev.weir.server.cache.Downloads;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.Door;
import dev.weir.server.http.Gate;
import dev.weir.server.http.ListSizes;
import dev.weir.server.http.RegistryApi;
import dev.weir.server.push.Completion;
import dev.weir.server.push.Custody;
import dev.weir.server.push.Mounts;
import dev.weir.server.push.PushPolicy;
import dev.weir.server.push.PushedManifests;
import dev.weir.server.push.Pushing;
import dev.weir.server.push.Uploads;
import dev.weir.server.registry.CacheEvents;
import dev.weir.server.registry.CachePolicy;
import dev.weir.server.registry.PullThroughRegistry;
import dev.weir.server.registry.Registry;
import dev.weir.server.registry.Router;
import dev.weir.storage.Content;

/**
 * The registry as weir's own socket gives it: whoever may open that administers weir, so nothing is asked and nothing
 * refused; and no upstream is asked for anything, so that what it says is held is here.
 */
final class OwnRegistry {
  private static final AccessRules EVERYTHING = new AccessRules(List.of(new AccessRule(Set.of(AccessRule.ANONYMOUS),
      List.of(RepositoryPattern.parse("**")), Set.of(Action.values()))), false);
  private static final CacheEvents UNCOUNTED = new CacheEvents() {
    @Override
    public void hit(String upstream) {}

    @Override
    public void miss(String upstream) {}

    @Override
    public void stale(String upstream) {}

    @Override
    public void waiting(String upstream, int more) {}

    @Override
    public void pulled(String upstream, long bytes) {}
  };

  private OwnRegistry() {}

  static RegistryApi api(WeirConfig config, Storage storage, Downloads downloads, CachePolicy policy,
      InstantSource clock, Care care, Completion completion, Uploads uploads, String instance) {
    Content content = storage.content();
    Custody custody = care.custody();
    Supplier<AccessRules> rules = () -> EVERYTHING;
    Router nowhere = new Router(Map.of(), Map.of(), Optional.empty(), name -> true);
    Registry held = new PullThroughRegistry(nowhere, content, downloads, policy,
        new PullThroughRegistry.Events(UNCOUNTED, UNCOUNTED), clock, care.blobs());
    PushPolicy all = new PushPolicy(config.storage().readOnly(), false, true, Set.of(), rules);
    Pushing pushing = new Pushing(all, uploads, Mounts.fromAnywhere(content.blobs(), custody),
        new PushedManifests(content, storage.space(), held, completion, custody));
    return new RegistryApi(new Gate(Door.open(), rules, nowhere, all), held, pushing, nowhere,
        new ListSizes(config.listings().catalogEntries(), config.listings().tags()), instance);
  }
}
