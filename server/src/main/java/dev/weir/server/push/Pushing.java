package dev.weir.server.push;

/** Everything that changes what is held, for the API. */
public record Pushing(PushPolicy policy, Uploads uploads, Mounts mounts, PushedManifests manifests) {}
