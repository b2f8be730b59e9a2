package dev.weir.server.upstream;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** {@code GET /v2/<name>/tags/list}, page after page. */
final class TagLister {
  private static final int MOST_PAGES = 1000;
  private static final int LARGEST_PAGE = 8 * 1024 * 1024;
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;(?:[^,<]*;)?\\s*rel=\"?next\"?(?:[\\s;,].*)?",
      Pattern.CASE_INSENSITIVE);

  private final String upstream;
  private final UpstreamAddress address;
  private final Caller caller;

  TagLister(String upstream, UpstreamAddress address, Caller caller) {
    this.upstream = upstream;
    this.address = address;
    this.caller = caller;
  }

  List<Tag> list(RepositoryName repository) throws UpstreamException {
    Call call = Call.get("list the tags of " + repository + " at " + upstream, repository, "tags/list");
    List<Tag> tags = new ArrayList<>();
    Optional<URI> page = Optional.of(address.endpoint(call));
    for (int pages = 0; page.isPresent(); pages++) {
      if (pages == MOST_PAGES) {
        throw UpstreamException.failed(call.action(), "more than " + MOST_PAGES + " pages");
      }
      page = addPage(call, page.get(), tags);
    }
    return List.copyOf(tags);
  }

  /** Returns where the next page is. */
  private Optional<URI> addPage(Call call, URI page, List<Tag> tags) throws UpstreamException {
    try (Reply reply = caller.call(call, page)) {
      for (JsonNode tag : tags(call, reply)) {
        Optional.ofNullable(tag.textValue()).flatMap(Tag::parsed).ifPresent(tags::add);
      }
      Optional<String> link = reply.lines("Link").stream().map(NEXT::matcher).filter(Matcher::find).findFirst()
          .map(found -> found.group(1));
      return link.isEmpty() ? Optional.empty() : Optional.of(next(call, page, link.get()));
    }
  }

  private static JsonNode tags(Call call, Reply reply) throws UpstreamException {
    try {
      JsonNode tags = UpstreamJson.MAPPER.readTree(reply.body().readAll(LARGEST_PAGE)).path("tags");
      if (tags.isArray() || tags.isNull()) {
        return tags;
      }
    } catch (UpstreamException e) {
      throw e;
    } catch (IOException e) {
      throw new UpstreamException(Kind.FAILED, call.action(), "the answer is no list of tags", e);
    }
    throw UpstreamException.failed(call.action(), "the answer is no list of tags");
  }

  /** On the upstream's own address, whatever scheme and port a server behind a proxy believes to have. */
  private URI next(Call call, URI page, String link) throws UpstreamException {
    URI target = Locations.resolve(page, link)
        .filter(it -> it.getHost() != null && Origin.of(it).host().equals(address.origin().host()))
        .filter(it -> !it.getRawPath().startsWith("//"))
        .orElseThrow(() -> UpstreamException.failed(call.action(), "the next page is on another host"));
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    return address.root().resolve(target.getRawPath() + query);
  }
}
