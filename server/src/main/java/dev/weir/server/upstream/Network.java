package dev.weir.server.upstream;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.X509TrustManager;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** How this machine reaches others: the proxies and the authorities that all upstreams share. Thread-safe. */
public final class Network {
  private static final String DISABLED_TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private final Proxies proxies;
  private final Map<String, String> environment;
  private final String self;
  private final Buffers buffers;
  private final ReentrantLock lock = new ReentrantLock();
  /** Read on first use of TLS: parsing a system's bundle takes a tenth of a second. */
  @GuardedBy("lock") private @Nullable Set<X509Certificate> authorities;

  private Network(Map<String, String> environment, String self) {
    this.self = self;
    this.buffers = new Buffers();
    this.environment = Map.copyOf(environment);
    proxies = Proxies.of(environment);
  }

  /**
   * @param environment the process's variables: HTTPS_PROXY, HTTP_PROXY, NO_PROXY in both spellings, SSL_CERT_FILE
   * @throws IllegalArgumentException if one of them cannot be used
   */
  public static Network of(Map<String, String> environment) {
    allowBasicThroughTunnels();
    return new Network(environment, "weir-unnamed");
  }

  /** The same, on which this weir is called so. */
  public Network as(String instance) {
    return new Network(environment, instance);
  }

  /** What this weir is called in {@code Via}. */
  String self() {
    return self;
  }

  Proxies proxies() {
    return proxies;
  }

  /** For the blobs of all upstreams. */
  Buffers buffers() {
    return buffers;
  }

  /** Trusts the JDK's and the system's authorities, and {@code own} beside them. */
  X509TrustManager trust(List<X509Certificate> own) throws IOException {
    try {
      return Authorities.trust(authorities(), own);
    } catch (GeneralSecurityException e) {
      throw new IOException("set up TLS: " + e.getMessage(), e);
    }
  }

  private Set<X509Certificate> authorities() throws GeneralSecurityException {
    lock.lock();
    try {
      Set<X509Certificate> known = authorities;
      if (known == null) {
        known = Authorities.ofSystem(environment);
        authorities = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The JDK withholds Basic credentials from a proxy that is to open a tunnel, unless this is set before its HTTP client
   * is first used. The proxy's owner asked for them; inside the tunnel nothing changes.
   */
  private static void allowBasicThroughTunnels() {
    if (System.getProperty(DISABLED_TUNNEL_SCHEMES) == null) {
      System.setProperty(DISABLED_TUNNEL_SCHEMES, "none");
    }
  }
}
