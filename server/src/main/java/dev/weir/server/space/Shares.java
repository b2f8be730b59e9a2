package dev.weir.server.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.RepositoryName;

/** Adds up, repository by repository. For one thread at a time, while nothing changes. */
record Shares(BlobTable blobs, Images images) {
  List<Share> of(List<RepositoryName> names) {
    List<List<Image>> byRepository = new ArrayList<>();
    names.forEach(name -> byRepository.add(new ArrayList<>()));
    images.held().forEach(image -> {
      for (int repository : image.repositories()) {
        byRepository.get(repository).add(image);
      }
    });
    // the last repository that counted a blob, and one more; owned images count first
    int[] counted = new int[blobs.end()];
    List<Share> found = new ArrayList<>();
    for (int repository = 0; repository < byRepository.size(); repository++) {
      if (!byRepository.get(repository).isEmpty()) {
        found.add(share(names.get(repository), repository, byRepository.get(repository), counted));
      }
    }
    return found;
  }

  private Share share(RepositoryName name, int repository, List<Image> all, int[] counted) {
    Map<Boolean, List<Image>> byCached = all.stream().collect(Collectors
        .partitioningBy(image -> image.keepingAt(repository) == Keeping.CACHED && image.keepers == 0));
    List<Image> cached = byCached.getOrDefault(true, List.of());
    List<Image> owned = byCached.getOrDefault(false, List.of());
    long ownedBytes = bytes(owned, repository + 1, counted);
    long cachedBytes = bytes(cached, repository + 1, counted);
    return new Share(name, owned.size(), cached.size(), ownedBytes, cachedBytes);
  }

  private long bytes(List<Image> all, int stamp, int[] counted) {
    long sum = 0;
    for (Image image : all) {
      sum += once(image.id, stamp, counted);
      for (int blob : image.blobs) {
        sum += once(blob, stamp, counted);
      }
    }
    return sum;
  }

  private long once(int blob, int stamp, int[] counted) {
    long size = counted[blob] == stamp ? 0 : blobs.size(blob);
    counted[blob] = stamp;
    return size;
  }
}
