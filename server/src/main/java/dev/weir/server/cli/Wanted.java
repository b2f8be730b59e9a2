package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.Json;
import dev.weir.server.archive.out.Cargo;
import dev.weir.server.archive.out.Gathering;
import dev.weir.server.archive.out.Held;
import dev.weir.server.archive.out.Prior;
import dev.weir.server.config.ConfigException;
import dev.weir.server.keep.HeldRelease;
import dev.weir.server.keep.ImageName;
import dev.weir.server.precache.Pins;
import dev.weir.server.precache.Platforms;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;

/** What a person wants exported, looked up in what is held. */
record Wanted(Running running, ObjectStore store, Platforms platforms) {

  /** @throws IllegalArgumentException if one is no name */
  Cargo cargo(Held held, List<String> images, List<String> pins, List<String> releases, boolean all)
      throws IOException, ConfigException {
    Gathering gathering = new Gathering(held, platforms);
    if (all) {
      gathering.addEverything();
    }
    List<String> names = new ArrayList<>(HeldRelease.with(Content.of(store), images, releases));
    for (String pin : pins) {
      names.addAll(pinned(pin));
    }
    add(gathering, names);
    return gathering.cargo();
  }

  /** Digests of what the other side has. */
  Set<String> known(Held held, List<String> since) throws IOException, ConfigException {
    Set<String> known = new TreeSet<>();
    for (String each : since) {
      if (each.contains("/") || Files.exists(Path.of(each))) {
        known.addAll(Prior.archive(Path.of(each)));
      } else {
        Gathering gathering = new Gathering(held, platforms);
        add(gathering, pinned(each));
        known.addAll(Prior.cargo(gathering.cargo()));
      }
    }
    return known;
  }

  private static void add(Gathering gathering, List<String> names) throws IOException {
    for (String name : names) {
      ImageName image = ImageName.parse(name);
      gathering.add(image.name(), image.reference());
    }
  }

  /** Of a running weir, since what it knows of a set may be written down anew when it is asked for. */
  private List<String> pinned(String pin) throws IOException, ConfigException {
    Optional<AdminClient> weir = running.find();
    Pins.Shown shown = weir.isPresent()
        ? Json.value(weir.get().order("/weir/v1/pins/show", Map.of("name", pin)), Pins.Shown.class)
        : new Pins(store, Content.of(store)).show(pin);
    return shown.images().stream().map(Pins.Image::image).toList();
  }
}
