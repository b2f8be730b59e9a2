package dev.weir.server.openshift;

import java.util.ArrayList;
import java.util.List;

import dev.weir.server.release.PullSpec;

/** A cluster whose weir was lost: what it is to be told of the new one, and in which order. */
public final class Recovery {
  static final String STEPS = "RECOVER.txt";
  private static final String RENAMED = "if-renamed";

  private final Inputs inputs;
  private final List<Emitted> files = new ArrayList<>();
  private final StringBuilder steps = new StringBuilder();
  private int step;

  private Recovery(Inputs inputs) {
    this.inputs = inputs;
  }

  /**
   * All that is needed, the steps first.
   *
   * @throws IllegalArgumentException if weir has no upstreams; the message is a sentence
   */
  public static List<Emitted> of(Inputs inputs) {
    Recovery recovery = new Recovery(inputs);
    recovery.run();
    List<Emitted> all = new ArrayList<>();
    all.add(Emitted.open(STEPS, recovery.steps.toString()));
    all.addAll(recovery.files);
    return all;
  }

  private Site site() {
    return inputs.site();
  }

  private void run() {
    steps.append("""
        A cluster whose weir was lost, and gets it back as %s.
        Do the steps in this order, in this folder. Each can be done again.

        """.formatted(site().door()));
    weir();
    withoutApi();
    login();
    authority();
    mirrors();
    proof();
    machines();
  }

  private void weir() {
    say("Bring weir back, and its content before the cluster is told of it.",
        """
            The CA in certs.path and the password file were kept: put them back first, and nodes need to be told nothing of them.
            Otherwise weir makes a new CA when it starts (http.tls.auto: true), and weir htpasswd FILE USER makes users.
            Fill it from what there is: the kept data put back under its root, or
              weir precache --release quay.io/openshift-release-dev/ocp-release:VERSION-ARCH
            Then let it prove that all of the cluster's release is here and intact, with exit status 0:
              weir verify --release VERSION-ARCH
            The release of the cluster: oc get clusterversion version -o jsonpath='{.status.desired.image}'
            """);
  }

  private void login() {
    if (inputs.login().isEmpty()) {
      say("Credentials: nothing to do.", """
          No login was given (--user), so the cluster goes on with the one that it has. Does weir know that user?
            weir htpasswd --check FILE USER
          """);
    } else if (inputs.pullSecret().isEmpty()) {
      say("Give the cluster its login.",
          """
              The cluster's pull secret was not given, and without it all of its other entries would be lost. Fetch it, and begin
              anew with --pull-secret before.yaml:
                oc get secret/pull-secret -n openshift-config -o yaml > before.yaml
              """);
    } else {
      files.addAll(Kind.PULL_SECRET.emit(inputs));
      say("Give the cluster its login.", """
          oc set data secret/pull-secret -n openshift-config --from-file=.dockerconfigjson=%s
          """.formatted(PullSecrets.JSON));
    }
  }

  private void authority() {
    if (site().transport() instanceof Transport.Trusted) {
      say("CA: nothing to do.", "weir's certificate is of a CA that everybody trusts.\n");
    } else if (isKnown()) {
      say("CA: nothing to do.", "The cluster trusts this CA for " + site().door() + " already.\n");
    } else if (Kind.CA.lacks(inputs).isPresent()) {
      say("Let the cluster trust weir.",
          """
              Nobody said which CAs the cluster trusts so far, and without that all others would be lost. See, and begin anew:
                oc get image.config.openshift.io/cluster -o jsonpath='{.spec.additionalTrustedCA.name}'
              If that printed a NAME, with --ca-configmap ca.yaml, otherwise with --no-ca-configmap:
                oc get configmap NAME -n openshift-config -o yaml > ca.yaml
              """);
    } else {
      files.addAll(Kind.CA.emit(inputs));
      String patch = "oc patch image.config.openshift.io/cluster --type=merge --patch-file="
          + TrustedAuthorities.IMAGE_CONFIG + "\n";
      say("Let the cluster trust weir.", site().isPlain()
          ? "Each node is drained for it, one after the other; read what " + TrustedAuthorities.IMAGE_CONFIG
              + " says of other insecure registries first.\n" + patch
          : "oc apply -f " + TrustedAuthorities.AUTHORITIES + "\n" + patch
              + "Nodes take it up within some minutes, without a reboot.\n");
    }
  }

  /** Whether the cluster was told of the very same CA for this door. */
  private boolean isKnown() {
    return site().authority().isPresent() && inputs.authorities().isPresent() && site().authority().get()
        .isIn(inputs.authorities().get().data().getOrDefault(site().door().authorityKey(), ""));
  }

  private void mirrors() {
    List<Emitted> sets = Kind.MIRRORS.emit(inputs).stream().map(each -> each.in(RENAMED)).toList();
    files.addAll(sets);
    StringBuilder how = new StringBuilder("Only where weir has another name or other upstreams than before:\n");
    sets.forEach(each -> how.append("oc apply -f ").append(each.path()).append('\n'));
    say("Mirror sets.",
        how + "and take those away that name the old host: oc get idms,itms,imagecontentsourcepolicy\n");
  }

  private void proof() {
    say("See it work, on one node.", """
        ssh core@NODE sudo podman pull --authfile /var/lib/kubelet/config.json \\
          %s
        Pods that waited for images go on by themselves: oc get pods -A | grep -i imagepull
        """.formatted(release()));
  }

  /** The release's images lie where clusters look for them first. */
  private String release() {
    return site().door() + "/" + site().path(PullSpec.parse(Sources.RELEASE.getFirst() + ":any"))
        .orElse("PATH/OF/THE/RELEASE") + "@sha256:…";
  }

  private void withoutApi() {
    String trust = site().authority().isEmpty() ? "" : """
        sudo install -D -m 0644 ca.crt /etc/docker/certs.d/%s/ca.crt       (ca.crt: weir certs show --pem)
        """.formatted(site().door());
    say("Only if oc does not answer, because the control plane itself waits for images: each of its nodes by hand.",
        """
            Bring the images onto the node; then oc answers, and the steps below can be done. Touch nothing in /var/lib/kubelet:
            nodes whose config.json was edited by hand are taken for damaged (Degraded), and told nothing any more.
            """
            + (inputs.merged().isEmpty() || inputs.login().isEmpty()
                ? "weir has to know the user of the cluster's own login: /var/lib/kubelet/config.json is used as it is.\n"
                : "scp " + PullSecrets.JSON + " core@NODE:weir-auth.json; then on the node:\n"
                    + "sudo install -m 0600 weir-auth.json /root/weir-auth.json; rm weir-auth.json\n")
            + trust + "sudo podman pull --authfile " + authfile() + " \\\n  " + release() + "\n"
            + "and so for each image that sudo crictl ps -a and journalctl -u kubelet say is missing\n");
  }

  private String authfile() {
    return inputs.merged().isEmpty() || inputs.login().isEmpty()
        ? "/var/lib/kubelet/config.json"
        : "/root/weir-auth.json";
  }

  private void machines() {
    site().authority().filter(known -> !isKnown()).ifPresent(known -> {
      List<Emitted> configs = MachineConfigs.of(site(), known);
      files.addAll(configs);
      StringBuilder how = new StringBuilder();
      configs.forEach(each -> how.append("oc apply -f ").append(each.path()).append('\n'));
      say("Only if nodes still say that they do not know the CA: each node reboots.", how.toString());
    });
  }

  private void say(String what, String how) {
    steps.append(++step).append(". ").append(what).append('\n');
    how.lines().forEach(line -> steps.append("   ").append(line).append('\n'));
    steps.append('\n');
  }
}
