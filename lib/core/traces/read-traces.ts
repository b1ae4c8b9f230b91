import { decodeSpans, type OtlpEncoding } from "./decode";
import { attempt } from "./encoding";
import type { AgentEvent } from "./event";
import { eventOfSpan, type Shared, sharedOf } from "./normalise";
import type { Decoded, Origin } from "./otlp";
import { readingOfOrigin, readingOn } from "./reading";
import { RejectionCount } from "./rejections";

/** The events of an OTLP trace export, whatever dialect its spans are in. */
export function readTraces(encoding: OtlpEncoding, body: Uint8Array): Decoded<AgentEvent> {
  const decoded = decodeSpans(encoding, body);
  if (!decoded.ok) return decoded;
  const events: AgentEvent[] = [];
  const rejected = new RejectionCount();
  rejected.addAll(decoded.rejected);
  const shared = new Map<Origin, Shared>();
  for (const span of decoded.items) {
    const known = shared.get(span.origin) ?? sharedOf(span.origin, readingOfOrigin(span.origin));
    shared.set(span.origin, known);
    const event = attempt(() => eventOfSpan(span, known, readingOn(known.base, span.attributes, span.origin)));
    if (event.ok) events.push(event.value);
    else rejected.add(event.code, event.message);
  }
  return { ok: true, items: events, rejected };
}
