package dev.weir.server.upstream;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;

/**
 * What blobs are fetched over TLS with: BoringSSL where it runs, else the JDK's. Either asks the same {@link TrustManager}
 * about the certificates it is shown, and whether they are the host's. Thread-safe.
 */
sealed interface TlsClient extends AutoCloseable {
  List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  String HOST_NAMES = "HTTPS";

  /** For one connection; whoever has it releases it, should it be counted. */
  SSLEngine newEngine(Origin to);

  @Override
  void close();

  static TlsClient trusting(X509TrustManager trust) throws IOException {
    return OpenSsl.isAvailable() ? ofBoringSsl(trust) : ofJdk(trust);
  }

  static TlsClient ofBoringSsl(X509TrustManager trust) throws IOException {
    return new BoringSsl(SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL_REFCNT).trustManager(trust)
        .protocols(PROTOCOLS).endpointIdentificationAlgorithm(HOST_NAMES).build());
  }

  static TlsClient ofJdk(X509TrustManager trust) throws IOException {
    return new Jdk(context(trust));
  }

  /** The JDK's, for whoever wants that. */
  static SSLContext context(X509TrustManager trust) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[]{trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("set up TLS: " + e.getMessage(), e);
    }
  }

  /** Its memory is outside the heap. */
  record BoringSsl(SslContext context) implements TlsClient {
    @Override
    public SSLEngine newEngine(Origin to) {
      return context.newEngine(ByteBufAllocator.DEFAULT, to.host(), to.port());
    }

    @Override
    public void close() {
      ReferenceCountUtil.release(context);
    }
  }

  /** Of the process. */
  record Jdk(SSLContext context) implements TlsClient {
    @Override
    public SSLEngine newEngine(Origin to) {
      SSLEngine engine = context.createSSLEngine(to.host(), to.port());
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm(HOST_NAMES);
      parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
      engine.setSSLParameters(parameters);
      return engine;
    }

    @Override
    public void close() {
      // nothing to give back
    }
  }
}
