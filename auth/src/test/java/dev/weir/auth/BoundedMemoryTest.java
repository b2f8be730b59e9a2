package dev.weir.auth;

import java.security.SecureRandom;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** However many names and addresses somebody makes up, no more than so many are remembered. */
class BoundedMemoryTest {
  private static final int MADE_UP = 100_000;

  @Test
  void keysOfAnAllowanceAreBoundedAndTheBusyOneStaysRemembered() {
    Allowance allowance = new Allowance(2, Duration.ofHours(1), () -> 0);
    allowance.take("hammered");
    allowance.take("hammered");
    for (int i = 0; i < MADE_UP; i++) {
      allowance.take("2001:db8:" + i + "::");
      if (i % 100 == 0) {
        assertThat(allowance.take("hammered")).as("after %s others", i).isPositive();
      }
    }
    assertThat(allowance.remembered()).isBetween(1L, (long) Allowance.MOST_KEYS);
  }

  @Test
  void verifiedSecretsAreBounded() {
    VerifiedSecrets verified = new VerifiedSecrets(new SecureRandom());
    for (int i = 0; i < MADE_UP; i++) {
      verified.add("fingerprint " + i, "entry");
    }
    assertThat(verified.remembered()).isBetween(1L, (long) VerifiedSecrets.MOST);
  }
}
