package dev.weir.server.upstream;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** An upstream over HTTP, by the OCI distribution API. */
public final class RemoteRegistry implements UpstreamRegistry {
  private final String name;
  private final Wire wire;
  private final Pinger ping;
  private final ManifestPuller manifests;
  private final ManifestChecker manifestChecks;
  private final BlobPuller blobs;
  private final BlobChecker blobChecks;
  private final TagLister tags;
  private final ReferrerLister referrers;

  /** @throws IOException if the settings' {@code caFile} cannot be read; the message names it */
  public RemoteRegistry(UpstreamSettings settings, Network network, InstantSource clock) throws IOException {
    name = settings.name();
    UpstreamAddress address = UpstreamAddress.of(settings.remote());
    List<X509Certificate> own = settings.caFile().isPresent() ? Authorities.of(settings.caFile().get()) : List.of();
    wire = new Wire(settings.patience(), network, () -> network.trust(own));
    Trust trust = new Trust(address.origin(), settings.realms(), network.proxies());
    Tokens tokens = new Tokens(new TokenServer(name, wire, clock), clock);
    Authorizer authorizer = new Authorizer(address, settings.credentials(), trust, tokens);
    Caller caller = new Caller(address, wire, trust, authorizer, clock, network.self());
    ping = new Pinger(name, address, wire, clock);
    manifests = new ManifestPuller(name, caller, settings.isMirror());
    manifestChecks = new ManifestChecker(name, caller);
    blobs = new BlobPuller(name, caller);
    blobChecks = new BlobChecker(name, caller);
    tags = new TagLister(name, address, caller);
    referrers = new ReferrerLister(name, caller, manifests);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void ping() throws UpstreamException {
    ping.ping();
  }

  @Override
  public Manifest manifest(RepositoryName repository, Reference reference) throws UpstreamException {
    return manifests.pull(repository, reference);
  }

  @Override
  public Optional<Digest> headManifest(RepositoryName repository, Tag tag) throws UpstreamException {
    return manifestChecks.check(repository, tag);
  }

  @Override
  public BlobStream blob(RepositoryName repository, Digest digest, long from) throws UpstreamException {
    return blobs.pull(repository, digest, from, Long.MAX_VALUE);
  }

  @Override
  public BlobStream blob(RepositoryName repository, Digest digest, long from, long to) throws UpstreamException {
    return blobs.pull(repository, digest, from, to);
  }

  @Override
  public long blobSize(RepositoryName repository, Digest digest) throws UpstreamException {
    return blobChecks.size(repository, digest);
  }

  @Override
  public List<Tag> tags(RepositoryName repository) throws UpstreamException {
    return tags.list(repository);
  }

  @Override
  public List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException {
    return referrers.list(repository, subject);
  }

  @Override
  public void close() {
    wire.close();
  }
}
