/** Where in its trace a caller stood, as the W3C header `traceparent` says. Lower-case hex. */
export type TraceParent = { readonly traceId: string; readonly spanId: string };

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const ZEROS = /^0+$/;

/**
 * Reads a `traceparent` as W3C Trace Context defines it: lower-case hex, no id of zeros, version 00 with nothing after its
 * flags, later versions with anything. Null for everything else, which callers take for no header at all.
 */
export function readTraceParent(header: string | null): TraceParent | null {
  const [, version, traceId, spanId, more] = (header !== null && TRACEPARENT.exec(header)) || [];
  if (version === undefined || traceId === undefined || spanId === undefined) return null;
  if (version === "ff" || (version === "00" && more !== undefined)) return null;
  return ZEROS.test(traceId) || ZEROS.test(spanId) ? null : { traceId, spanId };
}
