package dev.weir.server.push;

import java.util.Set;
import java.util.function.Supplier;

import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.Who;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Which changes are refused though nobody forbade them to whoever asks: what the want of rules allows is less than what a
 * rule allows.
 *
 * @param readOnly nothing may change ({@code storage.maintenance.readonly})
 * @param pureProxy {@code proxy} is set and nobody needs credentials: as in distribution, nothing is pushed, unless a
 *     rule says so
 * @param deleteEnabled {@code storage.delete.enabled}
 * @param upstreams names whose tags follow upstream; a tag pushed there cuts a name off from it until it is deleted, so
 *     it takes a rule
 * @param rules those in force when it is asked
 */
public record PushPolicy(boolean readOnly, boolean pureProxy, boolean deleteEnabled, Set<String> upstreams,
    Supplier<AccessRules> rules) {
  public PushPolicy {
    upstreams = Set.copyOf(upstreams);
  }

  /** @throws RegistryException UNSUPPORTED if nothing may be pushed */
  public void requirePush(Who who, RepositoryName name) throws RegistryException {
    requireChange(who, Action.PUSH, name);
  }

  /** @throws RegistryException UNSUPPORTED if nothing may be pushed, DENIED if no tag may be set in this repository */
  public void requirePush(Who who, RepositoryName name, Reference reference) throws RegistryException {
    requirePush(who, name);
    if (reference instanceof Tag && upstreams.contains(name.first())
        && !rules.get().grant(who, Action.PUSH, name.value())) {
      throw new RegistryException(ErrorCode.DENIED, "tags of " + name + " follow the upstream " + name.first()
          + "; push to another name, or by digest, or have a rule that allows it");
    }
  }

  /** @throws RegistryException UNSUPPORTED if nothing may be deleted */
  public void requireDelete(Who who, RepositoryName name) throws RegistryException {
    requireChange(who, Action.DELETE, name);
    if (!deleteEnabled) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "deleting is switched off (storage.delete.enabled)");
    }
  }

  private void requireChange(Who who, Action action, RepositoryName name) throws RegistryException {
    if (readOnly) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "the registry is read-only for maintenance");
    }
    if (pureProxy && !rules.get().grant(who, action, name.value())) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "the registry is a pull-through cache and takes no pushes");
    }
  }
}
