package dev.weir.server.openshift;

/** How weir is spoken to. */
public sealed interface Transport {
  /** Plain HTTP. */
  record Plain() implements Transport {}

  /** TLS, with a certificate of a CA that everybody trusts. */
  record Trusted() implements Transport {}

  /** TLS, with a certificate of a CA that nobody knows. */
  record Authority(Certificates certificates) implements Transport {}
}
