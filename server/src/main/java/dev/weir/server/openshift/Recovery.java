package dev.weir.server.openshift;

import java.util.ArrayList;
import java.util.List;

/** A cluster whose weir was lost: what it is to be told of the new one, and in which order. */
public final class Recovery {
  static final String STEPS = "RECOVER.txt";

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
    if (Kind.CA.lacks(inputs).isPresent()) {
      say("CA: nothing to do.", "weir's certificate is of a CA that everybody trusts.\n");
    } else if (isKnown()) {
      say("CA: nothing to do.", "The cluster trusts this CA for " + site().door() + " already.\n");
    } else {
      files.addAll(Kind.CA.emit(inputs));
      String apply = site().isPlain() ? "" : "oc apply -f " + TrustedAuthorities.AUTHORITIES + "\n";
      say("Let the cluster trust weir.",
          (inputs.authorities().isPresent() || site().isPlain()
              ? ""
              : """
                  If this prints a name, the cluster trusts other CAs by that ConfigMap, which would be lost: begin anew with it.
                    oc get image.config.openshift.io/cluster -o jsonpath='{.spec.additionalTrustedCA.name}'
                    oc get configmap NAME -n openshift-config -o yaml > ca.yaml        then: --ca-configmap ca.yaml
                  """)
              + apply + "oc patch image.config.openshift.io/cluster --type=merge --patch-file="
              + TrustedAuthorities.IMAGE_CONFIG + "\nNodes take it up within some minutes, without a reboot.\n");
    }
  }

  /** Whether the cluster was told of the very same CA for this door. */
  private boolean isKnown() {
    return site().authority().isPresent() && inputs.authorities().isPresent() && site().authority().get()
        .isIn(inputs.authorities().get().data().getOrDefault(site().door().authorityKey(), ""));
  }

  private void mirrors() {
    List<Emitted> sets = Kind.MIRRORS.emit(inputs);
    files.addAll(sets);
    StringBuilder how = new StringBuilder("Only where weir has another name or other upstreams than before:\n");
    sets.forEach(each -> how.append("oc apply -f ").append(each.path()).append('\n'));
    say("Mirror sets.",
        how + "and take those away that name the old host: oc get idms,itms,imagecontentsourcepolicy\n");
  }

  private void proof() {
    say("See it work, on one node.", """
        ssh core@NODE sudo podman pull --authfile /var/lib/kubelet/config.json \\
          %s/quay.io/openshift-release-dev/ocp-release@sha256:…
        Pods that waited for images go on by themselves: oc get pods -A | grep -i imagepull
        """.formatted(site().door()) + site().authority().map(known -> """
        Where the cluster's API itself waits for images, tell each node by hand, then go on with the steps above:
          sudo install -D -m 0644 ca.crt /etc/docker/certs.d/%s/ca.crt       (ca.crt: weir certs show --pem)
          the entry for %s in /var/lib/kubelet/config.json, as in %s
        """.formatted(site().door(), site().door(), PullSecrets.JSON)).orElse(""));
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
