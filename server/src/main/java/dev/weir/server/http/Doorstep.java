package dev.weir.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongSupplier;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a server looks at before it lets a connection in, and where it keeps whose connection it is. Shared by all
 * connections of the server; thread-safe.
 */
final class Doorstep {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final AttributeKey<InetAddress> ADDRESS = AttributeKey.valueOf("client-address");

  private final TrustedProxies proxies;
  private final int connectionsPerAddress;
  private final ConnectionCount connections;
  private final SparseLog crowded;
  private final SparseLog notTrusted;
  private final SparseLog broken;
  private final SparseLog noTls;

  Doorstep(TrustedProxies proxies, int connectionsPerAddress, LongSupplier nanoTime) {
    this.proxies = proxies;
    this.connectionsPerAddress = connectionsPerAddress;
    this.connections = new ConnectionCount(connectionsPerAddress);
    this.crowded = new SparseLog(LOG, Level.WARN, nanoTime);
    this.notTrusted = new SparseLog(LOG, Level.WARN, nanoTime);
    this.broken = new SparseLog(LOG, Level.WARN, nanoTime);
    this.noTls = new SparseLog(LOG, Level.INFO, nanoTime);
  }

  /** A connection has come. A proxy's is not counted: it stands for many clients. */
  void arrive(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
      var _ = channel.close();
      return;
    }
    InetAddress address = peer.getAddress();
    if (trusts(address)) {
      channel.attr(ADDRESS).set(address);
    } else {
      admit(channel, address);
    }
  }

  /** From now on {@code channel} is the connection of the client at {@code address}, or is closed for being one too many. */
  void admit(Channel channel, InetAddress address) {
    channel.attr(ADDRESS).set(address);
    if (connections.enter(address)) {
      channel.closeFuture().addListener(closed -> connections.leave(address));
    } else {
      crowded.say("a connection of " + address.getHostAddress() + " is closed: it has "
          + connectionsPerAddress + " already (http.limits.connectionsperaddress)");
      var _ = channel.close();
    }
  }

  /** Whether {@code address} may state another's. */
  boolean trusts(InetAddress address) {
    return proxies.trust(address);
  }

  /** Whose connection it is, as far as known without a request. */
  static InetAddress address(Channel channel) {
    InetAddress known = channel.attr(ADDRESS).get();
    return known == null ? InetAddress.getLoopbackAddress() : known;
  }

  /** Whose request it is. */
  String client(Channel channel, List<String> forwardedFor) {
    return proxies.client(address(channel), forwardedFor).getHostAddress();
  }

  void refusedProxyHeader(Channel channel) {
    notTrusted.say("a PROXY header from " + address(channel).getHostAddress()
        + " is refused: that address is not in http.trustedproxies");
  }

  void brokenProxyHeader(Channel channel, Throwable reason) {
    broken.say("the connection of " + address(channel).getHostAddress() + " is closed, its PROXY header is broken: "
        + reason.getMessage());
  }

  void noTls(Channel channel, Throwable reason) {
    noTls.say("no TLS with " + address(channel).getHostAddress() + ": " + reason.getMessage());
  }
}
