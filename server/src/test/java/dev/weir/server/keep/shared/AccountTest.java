package dev.weir.server.keep.shared;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

final class AccountTest {
  @Test
  void whateverNumberItIsGivenItIsReadAgain() {
    Account huge = new Account(Instant.EPOCH, Long.MAX_VALUE, Long.MAX_VALUE, Instant.EPOCH, 1, Long.MAX_VALUE);
    assertThat(Account.parse(huge.bytes())).contains(huge);
    Account negative = new Account(Instant.EPOCH, -1, -2, Instant.EPOCH, 0, -3);
    assertThat(negative).isEqualTo(Account.NONE);
    assertThat(Account.parse(new String(negative.bytes(), US_ASCII).replace(" 0 0 ", " 9999999999999999999 0 ")
        .getBytes(US_ASCII))).map(Account::held).contains(Long.MAX_VALUE);
  }
}
