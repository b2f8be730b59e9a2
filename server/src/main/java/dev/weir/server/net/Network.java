package dev.weir.server.net;

import java.net.InetAddress;

/**
 * All addresses that begin as one does.
 *
 * @param address one of them
 * @param bits    how many of its leading bits they share
 */
public record Network(InetAddress address, int bits) {
  public Network {
    if (bits < 0 || bits > address.getAddress().length * 8) {
      throw new IllegalArgumentException("not a network");
    }
  }

  /** @throws IllegalArgumentException if {@code text} is neither an address nor an address, a slash and a number */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    return new Network(address,
        slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text, slash + 1, text.length(), 10));
  }

  /** Whether {@code other} is one of them. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (((mine[i >> 3] ^ theirs[i >> 3]) & 0x80 >> (i & 7)) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + bits;
  }
}
