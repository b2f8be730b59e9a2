package dev.weir.server.upstream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads what upstreams say as JSON. Made with the first such answer: it takes longer than all else an upstream needs. */
final class UpstreamJson {
  static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private UpstreamJson() {}
}
