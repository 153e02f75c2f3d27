/**
 * Unpacks compressed request bodies, and refuses the ones that are bombs, torn or none.
 *
 * By `node:zlib` and not by `DecompressionStream`: Deno's takes a torn deflate body for a whole
 * one. Loaded when the first compressed body comes.
 *
 * @module
 */

import { BODY_RATIO_FREE_BYTES, BODY_RATIO_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";

/** Unpacks `bytes`, to `bytesMax` at most. Rejects with {@linkcode BadRequest}. */
export type Unpacker = (
  bytes: Uint8Array,
  bytesMax: number,
) => Promise<Uint8Array>;

/** What undoes `encoding`; undefined for what is not packed. Throws {@linkcode BadRequest} for what nobody knows. */
export function unpackerOf(encoding: string): Unpacker | undefined {
  switch (encoding.trim().toLowerCase()) {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return (bytes, max) => unpack("gunzip", bytes, max);
    case "deflate":
      return (bytes, max) => unpack("inflate", bytes, max);
    default:
      throw new BadRequest({
        kind: "unsupported-media",
        message:
          "Unsupported Content-Encoding: send plain JSON, or gzip or deflate",
        headers: { "accept-encoding": "gzip, deflate, identity" },
      });
  }
}

async function unpack(
  how: "gunzip" | "inflate",
  bytes: Uint8Array,
  bytesMax: number,
): Promise<Uint8Array> {
  const zlib = await import("node:zlib");
  const ratioMax = Math.max(
    BODY_RATIO_FREE_BYTES,
    bytes.length * BODY_RATIO_MAX,
  );
  const maxOutputLength = Math.min(bytesMax, ratioMax);
  return await new Promise((resolve, reject) => {
    zlib[how](bytes, { maxOutputLength }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
        reject(tooLarge(maxOutputLength));
      } else reject(notPacked());
    });
  });
}

/** The refusal of a body over `bytesMax`. */
export function tooLarge(bytesMax: number): BadRequest {
  return new BadRequest({
    kind: "too-large",
    limit: "settings.max_body_bytes",
    message: `The request body is larger than ${bytesMax} bytes`,
  });
}

function notPacked(): BadRequest {
  return new BadRequest({
    message: "The request body is not what its Content-Encoding says",
  });
}
