package dev.weir.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What this host is called and which addresses it has. Asks no name server. */
public final class HostNames {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostNames() {}

  /** @param configured the host that clients were told to use ({@code http.host}) */
  public static SubjectNames of(Map<String, String> environment, Optional<String> configured) {
    List<String> names = new ArrayList<>();
    configured.ifPresent(names::add);
    hostName(environment).filter(SubjectNames::isName).ifPresent(names::add);
    names.add("localhost");
    names.add("127.0.0.1");
    names.add("::1");
    names.addAll(addresses());
    return SubjectNames.parse(names);
  }

  private static Optional<String> hostName(Map<String, String> environment) {
    try {
      return Optional.of(Files.readString(KERNEL).strip());
    } catch (IOException e) {
      return Optional.ofNullable(environment.get("HOSTNAME"));
    }
  }

  /** Those by which others can reach it. */
  private static List<String> addresses() {
    try {
      return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
          .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress() && !each.isMulticastAddress())
          .map(InetAddress::getHostAddress).map(text -> text.replaceAll("%.*", "")).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
