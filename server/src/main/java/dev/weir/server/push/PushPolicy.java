package dev.weir.server.push;

import java.util.Set;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Which changes are refused, whoever asks. Pure.
 *
 * @param readOnly nothing may change ({@code storage.maintenance.readonly})
 * @param pureProxy {@code proxy} is set and nobody needs credentials: as in distribution, nothing is pushed
 * @param deleteEnabled {@code storage.delete.enabled}
 * @param upstreams names whose tags follow upstream; a tag pushed there would cut a name off from it for good
 */
public record PushPolicy(boolean readOnly, boolean pureProxy, boolean deleteEnabled, Set<String> upstreams) {
  public PushPolicy {
    upstreams = Set.copyOf(upstreams);
  }

  /** @throws RegistryException UNSUPPORTED if nothing may be pushed */
  public void requirePush() throws RegistryException {
    if (readOnly) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "the registry is read-only for maintenance");
    }
    if (pureProxy) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "the registry is a pull-through cache and takes no pushes");
    }
  }

  /** @throws RegistryException UNSUPPORTED if nothing may be pushed, DENIED if no tag may be set in this repository */
  public void requirePush(RepositoryName name, Reference reference) throws RegistryException {
    requirePush();
    if (reference instanceof Tag && upstreams.contains(name.first())) {
      throw new RegistryException(ErrorCode.DENIED,
          "tags of " + name + " follow the upstream " + name.first() + "; push to another name, or by digest");
    }
  }

  /** @throws RegistryException UNSUPPORTED if nothing may be deleted */
  public void requireDelete() throws RegistryException {
    requirePush();
    if (!deleteEnabled) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, "deleting is switched off (storage.delete.enabled)");
    }
  }
}
