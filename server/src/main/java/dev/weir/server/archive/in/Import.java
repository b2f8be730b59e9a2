package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * Takes sources in, all of them before anything is put together: of a set of archives, one may hold what another names. What
 * is damaged or missing is noted, and the rest goes in; what the target has is not sent again.
 */
public final class Import {
  /** Holds, while an import is under way, what has come by and whose place is not known yet. */
  private static final RepositoryName STAGING = RepositoryName.parse("weir-import/staging");

  private final Target target;
  private final Watch watch;
  private final boolean dryRun;
  private final Notes notes;
  private final Found found;
  private final Signatures signatures;
  private final Sources sources;

  /**
   * An import.
   *
   * @param as     the name of an image whose source says none
   * @param dryRun the target keeps nothing, and is called so
   */
  public Import(Target target, Naming naming, Optional<NamedImage> as, Watch watch, boolean dryRun) {
    this.target = target;
    this.watch = watch;
    this.dryRun = dryRun;
    this.notes = new Notes(watch);
    this.found = new Found(target, naming, STAGING, notes);
    this.signatures = new Signatures(target, notes);
    this.sources = new Sources(found, signatures, as, watch);
  }

  /**
   * Does it all.
   *
   * @param given paths, {@code -} for standard input, or skopeo's {@code dir:}, {@code oci:}, {@code oci-archive:} and
   *     {@code docker-archive:} before a path
   * @throws IOException if a source is none, or the target cannot be had
   */
  public ImportReport of(List<String> given) throws IOException {
    for (String source : given) {
      sources.read(source);
    }
    if (found.images().isEmpty() && signatures.kept() == 0 && notes.skipped().isEmpty()) {
      notes.skip(String.join(", ", given), "nothing in it says which images it holds; of a set of archives, give all at"
          + " once");
    }
    Plan plan = Plan.of(target, found, watch);
    new Sending(target, found, watch, plan.bytes()).send(plan.toSend());
    Settling settling = new Settling(target, found, plan);
    settling.settle(watch);
    Map<RepositoryName, List<String>> tags = settling.tags();
    clear();
    return report(plan, settling, tags);
  }

  private void clear() throws IOException {
    for (Digest digest : found.staged()) {
      try {
        target.drop(found.staging(), digest);
      } catch (Target.Refused e) {
        notes.remark("what was put into the repository " + found.staging() + " on the way is still there: "
            + e.getMessage());
        return;
      }
    }
  }

  private ImportReport report(Plan plan, Settling settling, Map<RepositoryName, List<String>> tags) {
    List<ImportReport.Repository> all = new ArrayList<>();
    for (RepositoryName name : found.images().keySet()) {
      all.add(new ImportReport.Repository(name.value(), settling.put(name), plan.held(name),
          tags.getOrDefault(name, List.of()), settling.bytes(name)));
    }
    found.bad().forEach((digest, reason) -> {
      if (found.place(digest).isEmpty()) {
        notes.skip("blob " + digest, reason);
      }
    });
    return new ImportReport(target.shown(), dryRun, all, found.sentBlobs(), found.sentBytes(), found.presentBlobs(),
        signatures.kept(), notes.skipped(), notes.remarks());
  }
}
