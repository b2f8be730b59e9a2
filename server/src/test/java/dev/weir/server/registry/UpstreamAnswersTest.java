package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.upstream.FakeUpstream;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.Reference;

import static org.assertj.core.api.Assertions.assertThat;

/** DESIGN.md §4, "Answers when upstream is in play". */
final class UpstreamAnswersTest {
  private static final String HEX = "ab".repeat(32);

  private static void assertAnswer(IOException answer, ErrorCode code, int status) {
    assertThat(answer).isInstanceOfSatisfying(RegistryException.class, told -> {
      assertThat(told.code()).isEqualTo(code);
      assertThat(told.status()).isEqualTo(status);
      assertThat(told.sentence()).contains("pull something from upstream");
    });
  }

  @ParameterizedTest(name = "{0} for {1}, may be local: {2}")
  @CsvSource({
      "ABSENT,       v1,              false, MANIFEST_UNKNOWN, 404",
      "ABSENT,       v1,              true,  MANIFEST_UNKNOWN, 404",
      "ABSENT,       DIGEST,          false, MANIFEST_UNKNOWN, 404",
      "DENIED,       v1,              false, DENIED,           403",
      "DENIED,       v1,              true,  MANIFEST_UNKNOWN, 404",
      "DENIED,       DIGEST,          false, DENIED,           403",
      "DENIED,       DIGEST,          true,  MANIFEST_UNKNOWN, 404",
      "DENIED,       sha256-HEX.sig,  false, MANIFEST_UNKNOWN, 404",
      "DENIED,       sha256-HEX.att,  false, MANIFEST_UNKNOWN, 404",
      "DENIED,       sha256-HEX.sbom, false, MANIFEST_UNKNOWN, 404",
      "DENIED,       sha256-HEX.sigs, false, DENIED,           403",
      "DENIED,       sha256-HEX,      false, DENIED,           403",
      "DENIED,       v1.sig,          false, DENIED,           403",
      "RATE_LIMITED, v1,              false, TOOMANYREQUESTS,  429",
      "RATE_LIMITED, v1,              true,  TOOMANYREQUESTS,  429",
      "RATE_LIMITED, sha256-HEX.sig,  false, TOOMANYREQUESTS,  429",
      "FAILED,       v1,              false, UNAVAILABLE,      502",
      "FAILED,       v1,              true,  UNAVAILABLE,      502",
      "FAILED,       sha256-HEX.sig,  false, UNAVAILABLE,      502",
      "TIMED_OUT,    v1,              false, UNAVAILABLE,      504",
      "TIMED_OUT,    v1,              true,  UNAVAILABLE,      504",
      "TIMED_OUT,    DIGEST,          true,  UNAVAILABLE,      504"
  })
  void whatAClientHearsForAManifest(Kind kind, String reference, boolean mayBeLocal, ErrorCode code, int status) {
    Reference asked = Reference.parse(reference.replace("DIGEST", "sha256:" + HEX).replace("HEX", HEX));
    assertAnswer(UpstreamAnswers.manifest(FakeUpstream.failure(kind), asked, mayBeLocal), code, status);
    IOException shared = new IOException("told", new IOException("again", FakeUpstream.failure(kind)));
    assertAnswer(UpstreamAnswers.manifest(shared, asked, mayBeLocal), code, status);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"ABSENT, 404", "DENIED, 403", "RATE_LIMITED, 429", "FAILED, 502", "TIMED_OUT, 504"})
  void whatAClientHearsForBlobsAndTags(Kind kind, int status) {
    ErrorCode code = switch (kind) {
      case ABSENT -> ErrorCode.BLOB_UNKNOWN;
      case DENIED -> ErrorCode.DENIED;
      case RATE_LIMITED -> ErrorCode.TOOMANYREQUESTS;
      case FAILED, TIMED_OUT -> ErrorCode.UNAVAILABLE;
    };
    assertAnswer(UpstreamAnswers.blob(FakeUpstream.failure(kind)), code, status);
    assertAnswer(UpstreamAnswers.tags(FakeUpstream.failure(kind)),
        code == ErrorCode.BLOB_UNKNOWN ? ErrorCode.NAME_UNKNOWN : code, status);
    assertThat(UpstreamAnswers.isRefusal(new IOException(FakeUpstream.failure(kind)))).isEqualTo(kind == Kind.DENIED);
  }

  @Test
  void upstreamsWordOnWhenToComeBackIsPassedOn() {
    Duration wait = Duration.ofSeconds(77);
    assertThat(UpstreamAnswers.blob(FakeUpstream.rateLimited(wait))).isInstanceOfSatisfying(RegistryException.class,
        answer -> assertThat(answer.retryAfter()).contains(wait));
    assertThat(UpstreamAnswers.blob(FakeUpstream.failure(Kind.RATE_LIMITED)))
        .isInstanceOfSatisfying(RegistryException.class, answer -> assertThat(answer.retryAfter()).isPresent());
  }

  @Test
  void whatIsNotUpstreamsDoingStaysAsItIs() {
    IOException ours = new IOException("no space left on device");
    assertThat(UpstreamAnswers.blob(ours)).isSameAs(ours);
    RegistryException answer = new RegistryException(ErrorCode.BLOB_UNKNOWN, "gone");
    assertThat(UpstreamAnswers.blob(answer)).isSameAs(answer);
  }
}
