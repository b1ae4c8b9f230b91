import { createReadStream, openSync, closeSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";

const GZIP = [0x1f, 0x8b];
const CHUNK_BYTES = 1 << 20;

/** The lines of a text file, many at a time; a gzipped one is unpacked. The last line need not end. @throws as `fs` does */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const bytes = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const source = isGzip(file) ? bytes.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : bytes;
  bytes.once("error", (error) => source.destroy(error));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield [rest];
}

function isGzip(file: string): boolean {
  const head = Buffer.alloc(GZIP.length);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, head, 0, GZIP.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return GZIP.every((byte, at) => head[at] === byte);
}
