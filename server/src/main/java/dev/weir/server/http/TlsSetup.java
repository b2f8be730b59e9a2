package dev.weir.server.http;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.tls.CipherSuites;
import dev.weir.server.tls.TlsException;
import dev.weir.server.tls.TlsMaterial;
import dev.weir.server.tls.TlsSettings;
import dev.weir.server.tls.TlsSettings.ClientAuthentication;
import dev.weir.server.tls.TlsSettings.Minimum;

/**
 * What new connections speak TLS with. Replacing it leaves connections that are open as they are.
 *
 * <p>Thread-safe.
 */
public final class TlsSetup implements AutoCloseable {
  /** From the first byte of a handshake to its last; and before it, for that first byte to come. */
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);
  private static final Logger LOG = LoggerFactory.getLogger(TlsSetup.class);
  private static final Set<String> KEYS_FOR_BORINGSSL = Set.of("RSA", "EC");

  private final TlsSettings settings;
  private final Duration handshakeTimeout;
  private final ReentrantLock lock = new ReentrantLock();
  @GuardedBy("lock") private SslContext context;

  private TlsSetup(TlsSettings settings, Duration handshakeTimeout, TlsMaterial first) throws IOException {
    this.settings = settings;
    this.handshakeTimeout = handshakeTimeout;
    this.context = build(first);
    warnOfMissingSuites(context.cipherSuites());
  }

  /** @throws IOException if the key or the settings cannot be used */
  public static TlsSetup of(TlsSettings settings, TlsMaterial first) throws IOException {
    return of(settings, first, HANDSHAKE_TIMEOUT);
  }

  static TlsSetup of(TlsSettings settings, TlsMaterial first, Duration handshakeTimeout) throws IOException {
    refuseRenegotiation();
    return new TlsSetup(settings, handshakeTimeout, first);
  }

  /**
   * Tells the JDK's TLS, for the whole process, that clients begin no second handshake on a connection; BoringSSL's never
   * lets them. Does nothing once the JDK's TLS has been in use.
   */
  public static void refuseRenegotiation() {
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  /**
   * Connections that come from now on are given {@code next}.
   *
   * @throws IOException if it cannot be used; then what was in force stays
   */
  public void replace(TlsMaterial next) throws IOException {
    SslContext built = build(next);
    SslContext before;
    lock.lock();
    try {
      before = context;
      context = built;
    } finally {
      lock.unlock();
    }
    ReferenceCountUtil.release(before);
  }

  /** Under the lock, so that a context is not given back while it makes an engine, which then keeps it. */
  SslHandler newHandler(ByteBufAllocator allocator) {
    lock.lock();
    try {
      SslHandler handler = context.newHandler(allocator);
      handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
      return handler;
    } finally {
      lock.unlock();
    }
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  /** Who does the arithmetic, for the log. */
  public String provider() {
    lock.lock();
    try {
      return context instanceof ReferenceCountedOpenSslContext ? OpenSsl.versionString() : "the JDK";
    } finally {
      lock.unlock();
    }
  }

  /** After the servers that use it. */
  @Override
  public void close() {
    lock.lock();
    try {
      ReferenceCountUtil.release(context);
    } finally {
      lock.unlock();
    }
  }

  private SslContext build(TlsMaterial material) throws IOException {
    SslContextBuilder builder = SslContextBuilder
        .forServer(material.key(), material.chain().toArray(X509Certificate[]::new))
        .sslProvider(provider(material)).protocols(protocols())
        .ciphers(suites(), SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_1_1))
        .clientAuth(clientAuth());
    if (settings.clients() != ClientAuthentication.NONE) {
      builder.trustManager(material.clientAuthorities());
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException | IllegalStateException e) {
      throw new TlsException("the certificate of " + material.certificate().getSubjectX500Principal().getName()
          + " cannot be served: " + e.getMessage(), e);
    }
  }

  private SslProvider provider(TlsMaterial material) {
    if (settings.provider() == TlsSettings.Provider.JDK) {
      return SslProvider.JDK;
    }
    if (!OpenSsl.isAvailable()) {
      LOG.info("BoringSSL does not run here ({}); the JDK's TLS serves", OpenSsl.unavailabilityCause().getMessage());
      return SslProvider.JDK;
    }
    return KEYS_FOR_BORINGSSL.contains(material.key().getAlgorithm()) ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
  }

  private List<String> protocols() {
    return settings.minimum() == Minimum.TLS_1_3 ? List.of("TLSv1.3") : List.of("TLSv1.2", "TLSv1.3");
  }

  private List<String> suites() {
    List<String> older = settings.cipherSuites().isEmpty() ? CipherSuites.MODERN : settings.cipherSuites();
    return Stream.concat(CipherSuites.TLS_1_3.stream(), older.stream()).distinct().toList();
  }

  private ClientAuth clientAuth() {
    return switch (settings.clients()) {
      case NONE -> ClientAuth.NONE;
      case IF_GIVEN -> ClientAuth.OPTIONAL;
      case REQUIRED -> ClientAuth.REQUIRE;
    };
  }

  private void warnOfMissingSuites(List<String> available) {
    List<String> missing = new ArrayList<>(settings.cipherSuites());
    missing.removeAll(new HashSet<>(available));
    if (!missing.isEmpty()) {
      LOG.warn("http.tls.ciphersuites: {} cannot be had from {} and are left out", String.join(", ", missing),
          provider());
    }
  }
}
