package dev.weir.server.registry;

import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.storage.RepositoryName;

/** Says which repository of ours an address means. Pure; never contacts anybody. */
@FunctionalInterface
public interface AddressBook {
  /**
   * The name under which the repository is stored, and by which rules and routes know it.
   *
   * @throws RegistryException NAME_UNKNOWN for a host that is not configured, NAME_INVALID for two hosts that differ
   */
  RepositoryName nameOf(RepositoryAddress address) throws RegistryException;
}
