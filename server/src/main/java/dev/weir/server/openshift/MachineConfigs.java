package dev.weir.server.openshift;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Puts weir's CA among those that a node itself trusts. Nodes reboot for it, so it is what remains when all else failed. */
final class MachineConfigs {
  private static final String PATH = "/etc/pki/ca-trust/source/anchors/weir-ca.crt";
  /** JSON knows no octal numbers: this is 0644. */
  private static final int READ_BY_ALL = 420;

  private static final String UNIT = "weir-ca-trust.service";
  /**
   * Nodes gather the anchors into what programs read at their first boot alone, so one that comes later needs this. The same as
   * in conf/openshift.
   */
  private static final String GATHER = """
      [Unit]
      Description=Trust the CA of weir
      ConditionPathExists=/etc/pki/ca-trust/source/anchors/weir-ca.crt
      Before=crio.service kubelet.service

      [Service]
      Type=oneshot
      RemainAfterExit=yes
      ExecStart=/usr/bin/update-ca-trust extract

      [Install]
      WantedBy=multi-user.target
      """;

  private MachineConfigs() {}

  /** What has a host read its anchors anew at each boot. */
  static String unit() {
    return GATHER;
  }

  static List<Emitted> of(Site site, Certificates certificates) {
    return Stream.of("master", "worker").map(role -> config(site, role, certificates)).toList();
  }

  private static Emitted config(Site site, String role, Certificates certificates) {
    String name = "99-" + role + "-weir-ca";
    String url = "data:text/plain;charset=utf-8;base64,"
        + Base64.getEncoder().encodeToString(certificates.pem().getBytes(US_ASCII));
    Map<String, Object> file = Yaml.map("path", PATH, "mode", READ_BY_ALL, "overwrite", true, "contents",
        Yaml.map("source", url));
    Map<String, Object> config = Yaml.object("machineconfiguration.openshift.io/v1", "MachineConfig",
        Yaml.map("name", name, "labels", Yaml.map("machineconfiguration.openshift.io/role", role)));
    config.put("spec", Yaml.map("config",
        Yaml.map("ignition", Yaml.map("version", "3.2.0"), "storage", Yaml.map("files", List.of(file)),
            "systemd",
            Yaml.map("units", List.of(Yaml.map("name", UNIT, "enabled", true, "contents", GATHER))))));
    String path = "last-resort/80-machineconfig-" + role + ".yaml";
    return Emitted.open(path,
        Yaml.text(
            """
                What: the operating system of each %s trusts the CA of %s.
                When: only where 21-image-config.yaml was not enough: each node is drained and reboots, one after the other, and pulls
                      what it needs through weir then. Never before weir verify --release found all of the release.
                How:  oc apply -f %s
                """
                .formatted(role, site.door(), path),
            config));
  }
}
