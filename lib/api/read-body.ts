import { AppError } from "@/lib/core/shared/errors";
import type { Json } from "@/lib/core/shared/json";
import { readStrictJson } from "@/lib/core/shared/strict-json";

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A refusal that is about HTTP itself and has a status of its own. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 405 | 408 | 413 | 415,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What was sent: JSON read strictly, or the text of a YAML document where the operation takes one. */
export async function readBody(request: Request, yaml: boolean): Promise<Json> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isYaml =
    yaml && ["application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml", "text/plain"].includes(type);
  if (!isYaml && type !== "application/json" && !type.endsWith("+json")) {
    throw new HttpRefusal(415, "unsupported_media_type", `Send application/json${yaml ? " or application/yaml" : ""}.`);
  }
  if (request.headers.has("content-encoding")) {
    throw new HttpRefusal(415, "unsupported_encoding", "Send the body without Content-Encoding.");
  }
  const text = await readText(request);
  if (isYaml) return { manifest: text };
  const read = readStrictJson(text);
  if (!read.ok)
    throw new AppError("invalid_input", read.fault.message, { reason: read.fault.code, faults: [read.fault] });
  return read.value;
}

async function readText(request: Request): Promise<string> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new HttpRefusal(400, "malformed_unicode", "The body is not valid UTF-8.");
  }
}

const tooLarge = () => new HttpRefusal(413, "body_too_large", `The body may have at most ${MAX_BODY_BYTES} bytes.`);
