package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.Json;
import dev.weir.server.config.ConfigException;
import dev.weir.server.keep.HeldReport;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;

/** Asks which images weir has: the running one, or the data where none runs. */
record HeldImages(Running running) {
  /** @param images as {@code NAME:TAG} or {@code NAME@DIGEST} */
  List<String> of(Collection<String> images) throws IOException, ConfigException {
    List<String> asked = List.copyOf(images);
    Optional<AdminClient> weir = running.find();
    if (weir.isPresent()) {
      return Json.value(weir.get().order("/weir/v1/held", Map.of("images", asked)), HeldReport.class).held();
    }
    try (ObjectStore store = DataAtRest.forReading(running.load())) {
      return HeldReport.of(Content.of(store), asked).held();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
