import { AppError } from "@/lib/core/shared/errors";
import type { Json } from "@/lib/core/shared/json";
import { readStrictJson } from "@/lib/core/shared/strict-json";

import type { Operation } from "./declare";
import type { Exchange } from "./exchange";
import { HttpRefusal, MAX_BODY_BYTES, tooLarge } from "./refusal";

/** What was sent: JSON read strictly, or the text of a YAML document or CSV file where the operation takes one. */
export async function readBody(
  exchange: Exchange,
  { yaml = false, csv }: Pick<Operation, "yaml" | "csv">,
): Promise<Json> {
  const type = (exchange.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isYaml =
    yaml && ["application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml", "text/plain"].includes(type);
  const isCsv = csv !== undefined && ["text/csv", "text/tab-separated-values", "text/plain"].includes(type);
  if (!isYaml && !isCsv && type !== "application/json" && !type.endsWith("+json")) {
    throw new HttpRefusal(
      415,
      "unsupported_media_type",
      `Send application/json${yaml ? " or application/yaml" : ""}${csv ? " or text/csv" : ""}.`,
    );
  }
  if (exchange.header("content-encoding") !== null) {
    throw new HttpRefusal(415, "unsupported_encoding", "Send the body without Content-Encoding.");
  }
  const text = await readText(exchange, csv?.mostBytes);
  if (isCsv) return { csv: text };
  if (isYaml) return { manifest: text };
  const read = readStrictJson(text);
  if (!read.ok)
    throw new AppError("invalid_input", read.fault.message, { reason: read.fault.code, faults: [read.fault] });
  return read.value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function readText(exchange: Exchange, most = MAX_BODY_BYTES): Promise<string> {
  const declared = Number(exchange.header("content-length") ?? 0);
  if (declared > most) throw tooLarge(most);
  const bytes = await exchange.bytes(most);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new HttpRefusal(400, "malformed_unicode", "The body is not valid UTF-8.");
  }
}
