package dev.weir.storage;

/**
 * A manifest, index or artifact: exactly the bytes that were sent, and never others.
 *
 * @param mediaType as the server or the document gave it
 * @param digest of {@code content}; checked by whoever makes one from outside bytes
 * @param content not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // identity is the digest; the bytes are handed on, never compared
public record Manifest(String mediaType, Digest digest, byte[] content) {}
