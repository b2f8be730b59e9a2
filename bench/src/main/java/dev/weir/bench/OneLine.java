package dev.weir.bench;

/** The least that a JVM can do: what a start is compared with. */
final class OneLine {
  private OneLine() {}

  public static void main(String[] arguments) {
    System.out.println("weir");
  }
}
