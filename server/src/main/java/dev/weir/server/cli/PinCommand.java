package dev.weir.server.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import dev.weir.server.admin.Json;
import dev.weir.server.config.ConfigException;
import dev.weir.server.precache.Pins;

/** {@code weir pin}: the named sets of images that are never evicted. */
@Command(name = "pin", aliases = "pins", mixinStandardHelpOptions = true, description = "The sets of images that weir precache --pin NAME made, which are never evicted.")
final class PinCommand {
  private static final int SHORT_DIGEST = 19;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Running running;

  @Option(names = "--output", paramLabel = "FORMAT", scope = ScopeType.INHERIT, defaultValue = "text", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}") private Output output = Output.text;

  @Command(name = "list", mixinStandardHelpOptions = true, description = "All sets, with how many images they hold and how much that is.")
  int list() throws IOException, ConfigException {
    JsonNode answer = running.require().get("/weir/v1/pins");
    Pins.Listing listing = Json.value(answer, Pins.Listing.class);
    return print(answer, String.format(Locale.ROOT, "%-30s %8s %8s %12s%n", "PIN", "IMAGES", "ABSENT", "SIZE")
        + listing.pins().stream()
            .map(each -> String.format(Locale.ROOT, "%-30s %8d %8d %12s%s%n", each.name(), each.images(), each.absent(),
                StatusText.bytes(each.bytes()), each.unmarked() == 0 ? "" : "  " + unmarked(each.unmarked())))
            .collect(Collectors.joining()));
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "The images of a set.")
  int show(@Parameters(paramLabel = "NAME") String name) throws IOException, ConfigException {
    JsonNode answer = running.require().order("/weir/v1/pins/show", Map.of("name", name));
    Pins.Shown shown = Json.value(answer, Pins.Shown.class);
    return print(answer, lines("", shown.images())
        + String.format(Locale.ROOT, "%d images, %s%s%n", shown.images().size(), StatusText.bytes(shown.bytes()),
            lacking(shown.images())));
  }

  @Command(name = "compare", mixinStandardHelpOptions = true, description = "What going from set A to set B adds, and what it leaves behind.")
  int compare(@Parameters(paramLabel = "A") String from, @Parameters(paramLabel = "B") String to)
      throws IOException, ConfigException {
    JsonNode answer = running.require().order("/weir/v1/pins/compare", Map.of("from", from, "to", to));
    Pins.Difference found = Json.value(answer, Pins.Difference.class);
    return print(answer,
        lines("- ", found.removed()) + lines("+ ", found.added()) + String.format(Locale.ROOT,
            "%d images are in both; %s has %d more, %s of blobs that %s lacks, and %d fewer, %s%n", found.both(), to,
            found.added().size(), StatusText.bytes(found.addedBytes()), from, found.removed().size(),
            StatusText.bytes(found.removedBytes()))
            + (found.absent() == 0
                ? ""
                : String.format(Locale.ROOT, "%d images are not here, so what they are made of is not counted%n",
                    found.absent())));
  }

  @Command(name = "drop", mixinStandardHelpOptions = true, description = "The set is no more: what no other set holds may be evicted from now on. Deletes nothing.")
  int drop(@Parameters(paramLabel = "NAME") String name) throws IOException, ConfigException {
    JsonNode answer = running.require().order("/weir/v1/pins/drop", Map.of("name", name));
    Pins.Dropped dropped = Json.value(answer, Pins.Dropped.class);
    return print(answer, String.format(Locale.ROOT, "%s is dropped; of its %d images others hold %d%n", name,
        dropped.images(), dropped.stillPinned()));
  }

  private static String lines(String sign, List<Pins.Image> images) {
    return images.stream().map(each -> sign + shown(each) + "\n").collect(Collectors.joining());
  }

  private static String shown(Pins.Image image) {
    int at = image.image().indexOf('@');
    String digest = image.image().substring(at + 1);
    return String.format(Locale.ROOT, "%-40s %s@%s%s", image.asked(), image.image().substring(0, at),
        digest.substring(0, Math.min(SHORT_DIGEST, digest.length())), switch (image.state()) {
          case PINNED -> "";
          case UNMARKED -> "  not kept";
          case ABSENT -> "  absent";
        });
  }

  private static String lacking(List<Pins.Image> images) {
    long absent = images.stream().filter(each -> each.state() == Pins.State.ABSENT).count();
    long unmarked = images.stream().filter(each -> each.state() == Pins.State.UNMARKED).count();
    return (absent == 0 ? "" : ", " + absent + " of them absent: precache them again")
        + (unmarked == 0 ? "" : ", " + unmarked(unmarked));
  }

  private static String unmarked(long images) {
    return images + " may be evicted, for their marks are lost: precache them again";
  }

  private int print(JsonNode answer, String text) {
    output.print(spec, () -> text, () -> Json.text(answer));
    return 0;
  }
}
