package dev.weir.server.archive.in;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Takes sources in, all of them before anything is put together: of a set of archives, one may hold what another names. What
 * is damaged or missing is noted, and the rest goes in; what the target has is not sent again.
 */
public final class Import {
  private static final int LONGEST_NAME = 255;
  private static final int SHORT = 16;

  private final Target target;
  private final Naming naming;
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
    this.naming = naming;
    this.watch = watch;
    this.dryRun = dryRun;
    this.notes = new Notes(watch);
    this.found = new Found(target, naming, notes);
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
      Sources.require(source);
    }
    found.stageIn(staging(given));
    try {
      for (String source : given) {
        sources.read(source);
      }
      if (found.images().isEmpty() && signatures.kept() == 0 && notes.skipped().isEmpty()) {
        notes.skip(String.join(", ", given), "nothing in it says which images it holds; of a set of archives, give all"
            + " at once");
      }
      Plan plan = Plan.of(target, found, watch);
      new Sending(target, found, watch, plan.bytes()).send(plan.toSend());
      Settling settling = new Settling(target, found, plan);
      settling.settle();
      Map<RepositoryName, List<String>> tags = settling.tags();
      new ExportList(target, found).check(given);
      clear();
      return report(plan, settling, tags);
    } finally {
      clear();
    }
  }

  /**
   * Where is, while an import is under way, what has come by and whose place is not known yet. The same for the same
   * sources, so that a second run finds what a first left; another for others, which may be under way as well.
   */
  private RepositoryName staging(List<String> given) {
    StringBuilder all = new StringBuilder();
    for (String each : given) {
      all.append(each.equals("-") ? UUID.randomUUID().toString() : Path.of(each).toAbsolutePath()).append('\n');
    }
    String own = "weir-import/staging-" + Digest.sha256(all.toString().getBytes(UTF_8)).hex().substring(0, SHORT);
    String above = naming.rules().stream().map(Naming.Rule::to).filter(to -> !to.isEmpty()).findFirst().orElse("");
    boolean fits = !above.isEmpty() && above.length() + 1 + own.length() <= LONGEST_NAME;
    return RepositoryName.parse(fits ? above + "/" + own : own);
  }

  private void clear() {
    try {
      for (Iterator<Digest> each = found.staged().iterator(); each.hasNext();) {
        target.drop(found.staging(), each.next());
        each.remove();
      }
    } catch (IOException e) {
      String sentence = "what was put into the repository " + found.staging() + " on the way is still there: "
          + e.getMessage();
      notes.remark(sentence);
      watch.say(sentence);
      found.staged().clear();
    }
  }

  private ImportReport report(Plan plan, Settling settling, Map<RepositoryName, List<String>> tags) {
    List<ImportReport.Repository> all = new ArrayList<>();
    for (RepositoryName name : found.images().keySet()) {
      all.add(new ImportReport.Repository(name.value(), settling.put(name), plan.held(name),
          tags.getOrDefault(name, List.of()), settling.bytes(name)));
    }
    found.bad().forEach((digest, reason) -> {
      if (found.place(digest).isEmpty() && !notes.mention(digest.toString())) {
        notes.skip("blob " + digest, reason);
      }
    });
    return new ImportReport(target.shown(), dryRun, all, found.sentBlobs(), found.sentBytes(), found.presentBlobs(),
        signatures.kept(), notes.skipped(), notes.remarks());
  }
}
