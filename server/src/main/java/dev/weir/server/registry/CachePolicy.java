package dev.weir.server.registry;

import dev.weir.server.cache.Freshness.TagPolicy;

/** How much upstream is asked and waited for. {@code tags().offline()} counts for everything: nobody is asked at all. */
public record CachePolicy(TagPolicy tags, Patience patience) {}
