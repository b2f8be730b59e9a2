package dev.weir.server.shipped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads manifests as the Java types of their kinds. */
public final class Models {
  /** Takes no key for which a type has no place: the types themselves would keep it aside. */
  private static final ObjectMapper STRICT = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .annotationIntrospector(new JacksonAnnotationIntrospector() {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
          return false;
        }
      }).build();

  private Models() {}

  /** @throws JsonProcessingException if it has a key that the type has not, or a value of another type */
  public static <T> T strict(JsonNode manifest, Class<T> type) throws JsonProcessingException {
    return STRICT.treeToValue(manifest, type);
  }
}
