package dev.weir.server.doctor;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.weir.storage.s3.BucketProbe;
import dev.weir.storage.s3.S3Settings;

/** Whether weir may do in its bucket what it does there; tries it with an object that it takes away again. */
record BucketCheck(S3Settings settings, InstantSource clock) implements Check {
  /** Servers refuse signatures that are further off than a quarter of an hour. */
  private static final Duration REFUSED = Duration.ofMinutes(15);
  private static final Duration DOUBTFUL = Duration.ofMinutes(2);

  @Override
  public String subject() {
    return "bucket";
  }

  @Override
  public List<Finding> run() throws Exception {
    BucketProbe.Report report = BucketProbe.of(settings, clock);
    List<Finding> findings = new ArrayList<>();
    permissions(report.outcomes(), findings);
    report.region().flatMap(this::region).ifPresent(findings::add);
    report.skew().map(this::clocks).ifPresent(findings::add);
    if (findings.stream().allMatch(each -> each.level() == Finding.Level.OK)) {
      findings.add(replicas(report.keepsApart()));
    }
    return findings;
  }

  private void permissions(List<BucketProbe.Outcome> outcomes, List<Finding> findings) {
    for (BucketProbe.Outcome outcome : outcomes) {
      outcome.trouble().ifPresent(trouble -> findings.add(Finding.fail(subject(), trouble, todo(trouble, outcome))));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok(subject(), "weir may do all that it does in " + settings.bucket()
          + ": it stored, read, listed and deleted a probe there"));
    }
  }

  private String todo(String trouble, BucketProbe.Outcome outcome) {
    if (trouble.contains("no such bucket")) {
      return "make the bucket, or correct storage.s3.bucket: weir makes none";
    } else if (trouble.contains("another region")) {
      return "correct storage.s3.region";
    } else if (trouble.contains("do not allow it")) {
      return "permit " + outcome.permission() + " to the user whose credentials weir has, on " + settings.bucket()
          + " and on what is in it";
    } else if (trouble.contains("credentials")) {
      return "correct storage.s3.accesskey and secretkey, or the credentials in weir's surroundings";
    }
    return "see that " + settings.endpoint().address().map(Object::toString).orElse("Amazon's S3")
        + " can be reached from here, and that storage.s3.regionendpoint and its certificate are right";
  }

  private Optional<Finding> region(String theirs) {
    String ours = settings.endpoint().region();
    return theirs.equals(ours) || settings.endpoint().address().isPresent()
        ? Optional.empty()
        : Optional.of(Finding.fail(subject(), "the bucket is in " + theirs + ", and storage.s3.region is " + ours,
            "correct storage.s3.region"));
  }

  private Finding clocks(Duration ahead) {
    Duration off = ahead.abs();
    String what = "this machine's clock is " + off.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
        + " the bucket's";
    if (off.compareTo(REFUSED) >= 0) {
      return Finding.fail(subject(), what + ", and no request is taken", ClockCheck.SET);
    }
    return off.compareTo(DOUBTFUL) >= 0
        ? Finding.warn(subject(), what + "; from 900 s on, no request is taken", ClockCheck.SET)
        : Finding.ok(subject(), what);
  }

  private Finding replicas(boolean keepsApart) {
    return keepsApart
        ? Finding.ok(subject(), "it keeps two that make the same object at once apart")
        : Finding.warn(subject(), "it does not keep two apart that make the same object at once",
            "set http.secret to the same text for all weirs on this bucket; each of them fetches for itself");
  }
}
