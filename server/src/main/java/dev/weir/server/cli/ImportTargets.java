package dev.weir.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

import dev.weir.server.archive.BasicLogin;
import dev.weir.server.archive.Dial;
import dev.weir.server.archive.RegistryClient;
import dev.weir.server.archive.in.RegistryTarget;
import dev.weir.server.archive.in.Rehearsal;
import dev.weir.server.archive.in.StoreTarget;
import dev.weir.server.archive.in.Target;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.upstream.ClientTls;
import dev.weir.storage.fs.RootLock;

/** Where an import goes: any registry, a weir elsewhere, the one that runs here, or its data while none does. */
record ImportTargets(Running running, Optional<Path> authorities) {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  Target registry(String address) throws IOException {
    URI uri = Running.uri(address);
    if (uri.getRawPath() != null && !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")) {
      throw new IOException("--to takes a registry alone, as HOST[:PORT], not " + address
          + "; where its repositories go is said with --map FROM=TO");
    }
    return new RegistryTarget(client(uri), false);
  }

  /** @param isDryRun nothing will be written, so that no lock is needed */
  Target chosen(boolean isDryRun) throws IOException, ConfigException {
    Optional<URI> elsewhere = running.elsewhere();
    if (elsewhere.isPresent()) {
      return new RegistryTarget(client(elsewhere.get()), true);
    }
    Optional<Path> socket = running.socket();
    if (socket.isPresent()) {
      return new RegistryTarget(new RegistryClient(new Dial.Local(socket.get()), RegistryClient.Login.NONE), true);
    }
    WeirConfig config = running.load();
    Path root = config.localRoot();
    Optional<String> holder = RootLock.holder(root);
    if (holder.isPresent()) {
      throw new IOException(root + " is in use by " + holder.get() + ", which does not answer at its socket "
          + config.socket());
    }
    if (isDryRun) {
      return new Rehearsal("the data in " + root);
    }
    RootLock lock = RootLock.take(root, waiting -> {});
    try {
      return new StoreTarget(DataAtRest.forWriting(config), root, lock::close);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private RegistryClient client(URI uri) throws IOException {
    if (uri.getHost() == null) {
      throw new IOException(uri + " is no address of a registry: HOST[:PORT]");
    }
    boolean isPlain = "http".equals(uri.getScheme());
    int port = uri.getPort() < 0 ? isPlain ? HTTP : HTTPS : uri.getPort();
    String host = uri.getHost().startsWith("[")
        ? uri.getHost().substring(1, uri.getHost().length() - 1)
        : uri.getHost();
    Dial dial = new Dial.Remote(host, port,
        isPlain ? Optional.empty() : Optional.of(ClientTls.trusting(authorities, System.getenv())));
    return new RegistryClient(dial,
        running.credentials(uri).<RegistryClient.Login>map(BasicLogin::new).orElse(RegistryClient.Login.NONE));
  }
}
