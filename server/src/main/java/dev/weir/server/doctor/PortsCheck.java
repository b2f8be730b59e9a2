package dev.weir.server.doctor;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.weir.server.config.HttpConfig;
import dev.weir.server.config.ListenAddress;
import dev.weir.server.doctor.Listeners.Listener;

/** Whether weir can listen where it is to listen, or does so already. */
record PortsCheck(HttpConfig http, Optional<Running> running, Listeners listeners) implements Check {
  @Override
  public String subject() {
    return "ports";
  }

  @Override
  public List<Finding> run() throws Exception {
    List<Finding> findings = new ArrayList<>();
    findings.add(look("http.addr", http.address()));
    if (http.debug().isPresent()) {
      findings.add(look("http.debug.addr", http.debug().get().address()));
    }
    return findings;
  }

  private Finding look(String key, ListenAddress address) throws IOException {
    if (address.port() == 0) {
      return Finding.ok(subject(), key + " leaves the port to the kernel");
    }
    InetSocketAddress socket = address.toSocketAddress();
    if (socket.isUnresolved()) {
      return Finding.fail(subject(), key + " " + address + ": nobody knows that host name",
          "set " + key + " to an address of this machine, or to :" + address.port());
    }
    try (Socket attempt = new Socket()) {
      attempt.setReuseAddress(true);
      attempt.bind(socket); // never listens
      return Finding.ok(subject(), key + " " + address + " is free" + (running.isPresent()
          ? "; the weir that runs listens elsewhere"
          : ""));
    } catch (BindException e) {
      return refused(key, address, String.valueOf(e.getMessage()));
    }
  }

  private Finding refused(String key, ListenAddress address, String reason) throws IOException {
    Optional<Listener> listener = listeners.on(address.port());
    if (listener.isPresent()) {
      return taken(key, address, listener.get());
    }
    return reason.contains("Permission denied")
        ? Finding.fail(subject(), key + " " + address + ": this user may not listen on port " + address.port(),
            "take a port from 1024 on, or allow it: sysctl net.ipv4.ip_unprivileged_port_start=" + address.port())
        : Finding.fail(subject(), key + " " + address + " cannot be listened on: " + reason,
            "see who has it with ss -ltnp, end that, or set " + key + " to another port");
  }

  private Finding taken(String key, ListenAddress address, Listener by) {
    String what = key + " " + address + " is taken by " + by;
    if (running.isEmpty()) {
      return Finding.fail(subject(), what, "end that program, or set " + key + " to another port");
    }
    boolean visible = by.pid() != 0 && running.get().pid().isPresent();
    if (visible && running.get().pid().getAsLong() == by.pid()) {
      return Finding.ok(subject(), what + ", which is the weir that runs");
    }
    return visible
        ? Finding.fail(subject(), what + ", and not by the weir that runs (" + running.get().who() + ")",
            "end that program, or set " + key + " to another port")
        : Finding.ok(subject(), what + ", most likely the weir that runs (" + running.get().who() + ")");
  }
}
