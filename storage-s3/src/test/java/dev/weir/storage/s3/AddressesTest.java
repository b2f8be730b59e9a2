package dev.weir.storage.s3;

import java.net.URI;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Signed addresses lead to the same of Amazon's addresses as weir itself uses, unless another is configured for clients. */
final class AddressesTest {
  private static final S3Settings.Keys KEYS = new S3Settings.Keys("a", "s", Optional.empty());

  private static String host(S3Settings.Variant variant, Optional<URI> redirects) {
    S3Settings settings = new S3Settings("layers", "",
        new S3Settings.Endpoint("eu-west-1", Optional.empty(), false, variant, S3Settings.Trust.SYSTEM,
            Optional.empty()),
        KEYS, new S3Settings.Writing(5 << 20, S3Settings.Copies.DEFAULT, new S3Settings.BucketsOwn(), Optional.empty(),
            Optional.empty()),
        redirects);
    try (Addresses addresses = Addresses.forClients(settings, Connections.credentials(KEYS))) {
      return addresses.of("key").getHost();
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false, false, layers.s3.eu-west-1.amazonaws.com",
      "true, false, false, layers.s3-accelerate.amazonaws.com",
      "true, true, false, layers.s3-accelerate.dualstack.amazonaws.com",
      "false, true, false, layers.s3.dualstack.eu-west-1.amazonaws.com",
      "false, false, true, layers.s3-fips.eu-west-1.amazonaws.com"})
  void clientsAreSentWhereWeirGoes(boolean accelerated, boolean dualStack, boolean fips, String host) {
    assertThat(host(new S3Settings.Variant(accelerated, dualStack, fips), Optional.empty())).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, true"})
  void anAddressForClientsCountsMore(boolean accelerated, boolean dualStack) {
    assertThat(host(new S3Settings.Variant(accelerated, dualStack, false),
        Optional.of(URI.create("https://s3.example.com")))).isEqualTo("layers.s3.example.com");
  }
}
