package dev.weir.server.conformance;

/** What every part of the suite works on. */
interface OnStack {
  Stack stack();

  default Client client() {
    return stack().client();
  }
}
