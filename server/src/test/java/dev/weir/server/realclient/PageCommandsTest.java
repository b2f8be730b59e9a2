package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages tell people to type is typed, page by page and in that order, and does what they say. What is not typed stands here,
 * with the reason.
 */
@NeedsPrograms({"bash", "curl", "jq", "openssl", "tar", "gzip", Podman.PROGRAM, DockerRegistryProcess.PROGRAM})
class PageCommandsTest {
  private static final String IMAGE = "build/prove-image builds the image and runs it";
  private static final String NEWCOMER = "build/prove-newcomer does";
  private static final String CLUSTER = "there is no cluster to write to";
  private static final String SYSTEMD = "systemd starts nothing here; UnitsTest reads the units, build/prove-edge runs them";

  private static final Map<String, PagePlan> PLANS = Map.of("README.md", readme(), "docs/air-gap.md", airGap(),
      "docs/cluster.md", cluster(), "docs/disaster-recovery.md", disasterRecovery(), "docs/edge-node.md", edgeNode(),
      "docs/image.md", image(), "docs/mirror-host.md", mirrorHost(), "docs/openshift.md", openShift());

  private static PagePlan readme() {
    return new PagePlan().leave("bin/weir serve", NEWCOMER).leave("bin/weir demo", NEWCOMER)
        .leave("mvn --batch-mode verify", ".ci/run is that").leave("podman build", IMAGE).leave("podman run", IMAGE)
        .after("podman pull", "podman image exists localhost:5000/quay.io/podman/hello")
        .before("podman push", PageMachine.image("localhost:5000/team/app:1"))
        .leave("oc adm release mirror", "there is no oc; OcMirrorTest says what it says")
        .says("curl ", "team/app\n")
        .type("bin/weir htpasswd", "open sesame\n")
        .after("bin/weir htpasswd", "bin/weir htpasswd --check /etc/weir/htpasswd alice <password")
        .before("bin/weir pin compare", precached("4.16.18"))
        .says("bin/weir pin list", "factory").says("bin/weir pin show", "component-0")
        .after("bin/weir precache --release", "curl -sf -H 'Accept: */*' -o manifest"
            + " http://localhost:5000/v2/ocp4/openshift4/manifests/4.16.17-x86_64-component-0")
        .says("bin/weir verify quay.io", "intact")
        .after("bin/weir pin drop", "bin/weir pin list >pins; ! grep -q 4.16.17 pins")
        .before("bin/weir import --dry-run", "bin/weir export --release 4.16.17-x86_64 --to oc-dir:/mnt/usb/mirror;"
            + " tar -czf /mnt/usb/mirror.tar.gz -C /mnt/usb mirror")
        .before("bin/weir import mirror_000001.tar", "bin/weir export --all --split 50KiB --to archive:out;"
            + " mv out/mirror_00000?.tar .; tar -czf registry.tar.gz -C ../data docker")
        .before("bin/weir openshift all", "oc get secret/pull-secret >pull-secret.yaml; oc get configmap NAME >ca.yaml")
        .after("bin/weir openshift all", "test -s cluster/30-imagedigestmirrorset.yaml")
        .after("bin/weir openshift recover", "test -s recover/RECOVER.txt")
        .leave("REGISTRY_AUTH=htpasswd", "DropInTest does")
        .before("bin/weir certs show", "bin/weir certs init")
        .after("bin/weir certs show", "openssl x509 -in ca.crt -noout")
        .leave("oc create", CLUSTER).leave("oc patch", CLUSTER);
  }

  private static String precached(String version) {
    return "weir precache --release quay.io/openshift-release-dev/ocp-release:" + version + "-x86_64 --pin " + version;
  }

  private static PagePlan airGap() {
    return new PagePlan().leave("weir import SOURCE", "it lists the options; README's are typed")
        .before("weir export quay.io/team/app:v1", "weir precache quay.io/team/app:v1")
        .before("weir export --pin site", "weir precache --image-set imageset.yaml --pin site")
        .before("weir export --release 4.16.17", precached("4.16.17"))
        .before("weir export --release 4.16.18", precached("4.16.18")
            + "; mkdir /srv/carried/4.16.17; cp /mnt/usb/4.16.17/weir-export.json /srv/carried/4.16.17")
        .before("sha256sum", "mv /mnt/usb/signed/* .")
        .says("sha256sum", "mirror_000001.tar: OK").says("openssl dgst", "Verified OK");
  }

  private static PagePlan cluster() {
    return new PagePlan().leave("oc create", CLUSTER).type("bin/weir htpasswd", "open sesame\n")
        .after("bin/weir htpasswd", "bin/weir htpasswd --check htpasswd alice <password")
        .after("oc get secret", "jq -e .auths .dockerconfigjson");
  }

  private static PagePlan disasterRecovery() {
    return new PagePlan().before("bin/weir verify", "bin/weir precache quay.io/team/app:v1")
        .before("bin/weir certs show", "bin/weir certs init")
        .after("bin/weir certs show", "openssl x509 -in ca.crt -noout")
        .leave("oc create", CLUSTER).leave("oc patch", CLUSTER).leave("oc set", CLUSTER);
  }

  private static PagePlan edgeNode() {
    return new PagePlan().before("podman save", PageMachine.image("localhost/weir:edge"))
        .after("podman save", "tar -tf /var/imageregistry/weir-image.tar oci-layout");
  }

  private static PagePlan image() {
    return new PagePlan().leave("podman build", IMAGE).leave("podman run", IMAGE);
  }

  private static PagePlan mirrorHost() {
    return new PagePlan().leave("podman run", IMAGE).leave("systemctl", SYSTEMD).leave("journalctl", SYSTEMD);
  }

  private static PagePlan openShift() {
    return new PagePlan().overTls()
        .after("weir openshift all --to cluster/ --pull",
            "test -s cluster/10-pull-secret.yaml -a -s cluster/20-ca.yaml")
        .after("weir openshift install-config", "test -s before/install/install-config-part.yaml")
        .says("weir openshift samples", "samplesRegistry")
        .after("weir openshift recover", "test -s recover/RECOVER.txt");
  }

  @Test
  void commandsStandInBlocksOfEitherKindAndGoOnBehindABackslash() {
    assertThat(PageCommands.in("""
        Say `weir status`, or

            weir gc \\
              --dry-run
            weir status   # how it stands

        1. In a list:

               systemctl start weir

        ```
        sha256sum --check SHA256SUMS
        ```

            upstreams: {quay.io: {}}

            [[registry]]
            prefix = "quay.io"
        """)).containsExactly("weir gc --dry-run", "weir status   # how it stands", "systemctl start weir",
        "sha256sum --check SHA256SUMS");
  }

  @Test
  void noPlanIsForAPageThatHasNoCommands() throws IOException {
    assertThat(pages()).containsAll(PLANS.keySet());
  }

  static List<String> pages() throws IOException {
    return PageCommands.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatAPageTellsPeopleToTypeWorks(String page, @TempDir Path directory) throws IOException {
    PagePlan plan = PLANS.getOrDefault(page, new PagePlan());
    List<String> commands = PageCommands.of(page);
    assertThat(plan.idle(commands)).as("what is planned for commands that %s does not have", page).isEmpty();
    List<String> typed = commands.stream().filter(each -> plan.whyLeft(each).isEmpty()).toList();
    if (!typed.isEmpty()) {
      try (PageMachine machine = new PageMachine(directory, WeirProgram.brief(), plan.isOverTls())) {
        for (String command : typed) {
          machine.run(plan.before(command), "").orFail();
          assertThat(machine.run(command, plan.typed(command)).orFail().stdout()).as(command)
              .contains(plan.said(command));
          machine.run(plan.after(command), "").orFail();
        }
      }
    }
  }
}
