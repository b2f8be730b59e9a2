package dev.weir.server.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Host names and addresses, as this machine knows them. */
interface Names {
  /** @throws IOException if nobody knows the name, or nobody says so in time */
  List<InetAddress> resolve(String host) throws IOException;

  boolean isOwn(InetAddress address);

  /** The machine's resolver, with a bound on its patience. */
  Names SYSTEM = new Names() {
    private static final Duration LONGEST = Duration.ofSeconds(4);

    @Override
    public List<InetAddress> resolve(String host) throws IOException {
      try {
        return Patiently.await(LONGEST, "look up the name " + host, () -> List.of(InetAddress.getAllByName(host)));
      } catch (UnknownHostException e) {
        throw new IOException("nobody knows the host name " + host, e);
      }
    }

    @Override
    public boolean isOwn(InetAddress address) {
      try {
        return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
      } catch (SocketException e) {
        return false;
      }
    }
  };
}
