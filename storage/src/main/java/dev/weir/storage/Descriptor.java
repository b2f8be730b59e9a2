package dev.weir.storage;

/**
 * What a manifest says of content it names (OCI image-spec, descriptor.md).
 *
 * @param mediaType empty where the document gives none
 * @param size in bytes; -1 where the document gives none (docker schema 1)
 */
public record Descriptor(String mediaType, Digest digest, long size) {}
