package dev.weir.server.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.weir.server.config.HttpConfig;
import dev.weir.server.config.ListenAddress;

/** What clients call weir, and which addresses it listens on. */
record NamesCheck(HttpConfig http, Names names) implements Check {
  @Override
  public String subject() {
    return "names";
  }

  @Override
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(listening("http.addr", http.address()));
    http.debug().ifPresent(debug -> findings.add(listening("http.debug.addr", debug.address())));
    Optional<String> host = http.host().map(URI::getHost);
    host.ifPresent(name -> findings.add(called(name)));
    return findings;
  }

  private Finding listening(String key, ListenAddress address) {
    if (address.host().isEmpty()) {
      return Finding.ok(subject(), key + " is every address of this machine, IPv4 and IPv6");
    }
    try {
      for (InetAddress each : names.resolve(address.host())) {
        if (!names.isOwn(each)) {
          return Finding.fail(subject(), key + " is " + address + ", and " + each.getHostAddress()
              + " is no address of this machine",
              "set " + key + " to one that `ip address` shows, or to :"
                  + address.port() + " for all of them");
        }
      }
      return Finding.ok(subject(), key + " is " + address + ", an address of this machine");
    } catch (IOException e) {
      return Finding.fail(subject(), key + " is " + address + ": " + Sentences.of(e),
          "set " + key + " to an address that `ip address` shows, or to :" + address.port() + " for all of them");
    }
  }

  private Finding called(String name) {
    try {
      List<InetAddress> found = names.resolve(bare(name));
      String addresses = found.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
      return found.stream().anyMatch(names::isOwn)
          ? Finding.ok(subject(), "http.host " + name + " is this machine (" + addresses + ")")
          : Finding.warn(subject(), "http.host " + name + " is another machine (" + addresses + ")",
              "let the name lead here in DNS or /etc/hosts, unless a balancer or a Route stands before weir");
    } catch (IOException e) {
      return Finding.fail(subject(), "http.host " + name + ": " + Sentences.of(e),
          "add the name to DNS; clients need it, and pushes are sent back to it. getent hosts " + name
              + " shows when it is there");
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
