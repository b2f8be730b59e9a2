package dev.weir.bench;

import java.util.List;
import java.util.stream.Stream;

/** Every row of the table, in its order. */
final class Cases {
  private Cases() {}

  static List<Case> all() {
    return Stream.of(WarmCases.all(), DoorCases.all(), ColdCases.all(),
        List.of(Push.pushes(), Readers.thousand(), Collecting.collecting()), BucketCases.all(),
        ProcessCases.all()).flatMap(List::stream).toList();
  }

  /** Those named; all when none is. */
  static List<Case> named(List<String> names) {
    List<String> known = all().stream().map(Case::name).toList();
    names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
      throw new IllegalArgumentException("no case " + name + "; there are " + String.join(", ", known));
    });
    return all().stream().filter(each -> names.isEmpty() || names.contains(each.name())).toList();
  }
}
