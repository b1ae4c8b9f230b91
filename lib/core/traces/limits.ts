/**
 * How much one item of a trace may hold. The size of a body is limited before it is read; these keep one span from
 * taking the place of all the others, and keep every step linear.
 */
export const TRACE_LIMITS = Object.freeze({
  /** Spans, records or metrics of one body. Collectors send 8,192 by default; an empty span is two bytes. */
  items: 50_000,
  /** Different scopes in one body; each has its own attributes to read. */
  scopes: 5_000,
  /** Attributes of one span. OpenInference writes four for each message, and exporters raise OTel's 128 to 10,000. */
  attributes: 16_384,
  /** Characters of one text. Longer ones are cut: a prompt with an image must not cost its span the token counts. */
  text: 1_048_576,
  /** Characters of all texts of one item together. */
  texts: 4_194_304,
  /** Characters of a key. */
  key: 512,
  /** Characters of the name of a span, event or metric. */
  name: 1_024,
  /** Containers inside containers; the strict reader of JSON has the same limit. */
  depth: 64,
  /** Values inside one attribute, however nested. */
  values: 65_536,
  /** The highest N in keys such as `llm.input_messages.N.…`, plus one. */
  slots: 10_000,
  /** Events of one span; OTel's SDKs stop at 128. */
  events: 1_024,
  links: 1_024,
  /** Characters of a text that is parsed as JSON because its key says that it is. */
  parsedText: 262_144,
  /** Characters of an attribute that no rule reads and that is still taken for a figure or a name, not for content. */
  unreadText: 256,
  documents: 1_000,
  tags: 64,
  /** Tokens of one call. No model takes as many; the sum of a long run may come near. */
  tokens: 1_000_000_000_000,
  /** Dollars of one call. */
  costUsd: 1_000_000,
  /** Reasons kept word for word for one batch; the rest is counted. */
  reasons: 20,
});
