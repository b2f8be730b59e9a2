package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.weir.server.archive.PrecacheFolder;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads a folder that factory-precaching-cli filled: its lists name the images, and each lies in a tgz of a {@code dir:}. */
final class Precached {
  private static final List<String> LISTS = List.of(PrecacheFolder.AI_IMAGES, PrecacheFolder.OCP_IMAGES,
      PrecacheFolder.MAPPING);

  private static final int LARGEST_LIST = 16 << 20;

  private final Path folder;
  private final Found found;
  private final Signatures signatures;
  private final Watch watch;

  Precached(Path folder, Found found, Signatures signatures, Watch watch) {
    this.folder = folder;
    this.found = found;
    this.signatures = signatures;
    this.watch = watch;
  }

  static boolean is(Path folder) throws IOException {
    return LISTS.stream().anyMatch(list -> Files.isRegularFile(folder.resolve(list))) && !archives(folder).isEmpty();
  }

  private static Set<String> archives(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      all.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(PrecacheFolder.ENDING))
          .forEach(names::add);
      return names;
    }
  }

  void read() throws IOException {
    Set<String> left = archives(folder);
    Map<String, String> firsts = new LinkedHashMap<>();
    long total = 0;
    for (String file : left) {
      total += Files.size(folder.resolve(file));
    }
    long done = 0;
    Set<String> images = images();
    for (String image : images) {
      String file = PrecacheFolder.artifact(image) + PrecacheFolder.ENDING;
      left.remove(file);
      String first = firsts.putIfAbsent(file, image);
      watch.at(done, total, image);
      if (first != null && !image.contains("@")) {
        found.notes().skip(image, "its file " + file + " is that of " + first + ", too: nothing says which it is");
      } else {
        one(image, folder.resolve(file));
        done += Files.isRegularFile(folder.resolve(file)) ? Files.size(folder.resolve(file)) : 0;
      }
    }
    left.forEach(file -> found.notes().skip(file, "it is in none of the lists beside it, so it has no name"));
  }

  private Set<String> images() throws IOException {
    Set<String> images = new LinkedHashSet<>();
    for (String list : LISTS) {
      Path file = folder.resolve(list);
      if (Files.isRegularFile(file)) {
        try {
          text(file).lines().map(line -> line.split("=", 2)[0].strip().replaceFirst("^docker://", ""))
              .filter(image -> !image.isEmpty() && !image.startsWith("#")).forEach(images::add);
        } catch (Damaged e) {
          found.notes().skip(file.toString(), String.valueOf(e.getMessage()));
        }
      }
    }
    return images;
  }

  /** Whatever is no UTF-8 in it becomes no name of an image. */
  private static String text(Path file) throws Damaged {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(LARGEST_LIST + 1);
      if (content.length > LARGEST_LIST) {
        throw new Damaged("it has more than the " + LARGEST_LIST + " bytes that a list may have");
      }
      return new String(content, UTF_8);
    } catch (Damaged e) {
      throw e;
    } catch (IOException e) {
      throw new Damaged(e);
    }
  }

  private void one(String image, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      found.notes().skip(image, "there is no " + file.getFileName() + " in " + folder);
      return;
    }
    try {
      Sorter sorter = new Sorter(found, signatures, Optional.of(NamedImage.parse(image)));
      TarWalk.file(file, sorter, bytes -> {});
      if (!sorter.finish()) {
        found.notes().skip(image, file.getFileName() + " holds no image");
      }
    } catch (IllegalArgumentException e) {
      found.notes().skip(image, String.valueOf(e.getMessage()));
    } catch (Damaged e) {
      found.notes().skip(image, file.getFileName() + " cannot be read to its end: " + e.getMessage());
    }
  }
}
