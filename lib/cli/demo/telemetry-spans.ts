import { type Attributes, type DemoSpan, spanIdOf } from "./otlp";
import type { Model, Profile } from "./telemetry-profiles";

/** Where in an agent's work a span belongs. */
export type Place = {
  readonly agent: string;
  readonly version: string;
  readonly run: string;
  readonly session: string;
  /** Whom the run was for, where the agent says so. */
  readonly customer?: string;
};

/** Attributes with those that every span of the demo has. */
export const common = ({ agent, version, run, session, customer }: Place, more: Attributes): Attributes => ({
  "interlock.customer": customer,
  "interlock.run.id": run,
  "interlock.session.id": session,
  "gen_ai.agent.name": agent,
  "gen_ai.agent.version": version,
  ...more,
});

/** The trace of a span and what it hangs on. */
export type Base = { readonly trace: string; readonly parent: string | null };
/** From when to when, in milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number };

/** The span of a whole run. */
export const rootSpan = (trace: string, id: string, place: Place, span: Span, outcome?: string): DemoSpan => ({
  trace,
  id,
  parent: null,
  name: `invoke_agent ${place.agent}`,
  ...span,
  attributes: common(place, { "gen_ai.operation.name": "invoke_agent", "interlock.outcome": outcome }),
});

const FIRST_INPUT = 1_840;
const INPUT_A_STEP = 420;

/** One call of a model. */
export function modelSpan(
  base: Base,
  place: Place,
  model: Model,
  {
    from,
    to,
    at,
    id,
    cached,
  }: Span & { readonly at: number; readonly id: string; readonly cached?: number | undefined },
): DemoSpan {
  const varied = Number.parseInt(spanIdOf(id).slice(0, 4), 16);
  const input = FIRST_INPUT + at * INPUT_A_STEP + (varied % 300);
  const output = 70 + (varied % 190);
  const cost = model.usdPer1k === undefined ? undefined : (model.usdPer1k * (input + output)) / 1_000;
  return {
    ...base,
    id: spanIdOf(id),
    name: `chat ${model.requested}`,
    from,
    to,
    attributes: common(place, {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": model.provider,
      "gen_ai.request.model": model.requested,
      "gen_ai.response.model": model.served,
      "gen_ai.response.finish_reasons": ["tool_calls"],
      "gen_ai.usage.input_tokens": input,
      "gen_ai.usage.output_tokens": output,
      // The first call of a run fills the cache, the others read what the one before left there.
      "gen_ai.usage.cache_read.input_tokens": at === 0 ? 0 : (cached ?? FIRST_INPUT + (at - 1) * INPUT_A_STEP),
      "gen_ai.usage.cost": cost === undefined ? undefined : Number(cost.toFixed(7)),
      "app.queue": "default",
    }),
  };
}

/** One call of a model that its provider refused because there were too many. */
export const refusedSpan = (
  base: Base,
  place: Place,
  { provider, requested }: Model,
  { id, ...span }: Span & { readonly id: string },
): DemoSpan => ({
  ...base,
  id: spanIdOf(id),
  name: `chat ${requested}`,
  ...span,
  attributes: common(place, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": requested,
    "error.type": "rate_limit_error",
  }),
  error: "Too many requests. Try again in 1 s.",
});

/** What was looked up in the agent's index. */
export function retrievalSpan(
  base: Base,
  place: Place,
  { index, documents }: Profile,
  { from, ms }: { readonly from: number; readonly ms: number },
): DemoSpan {
  const skipped = Number.parseInt(spanIdOf(place.run).slice(0, 2), 16) % documents.length;
  const found = documents.length > 2 ? documents.filter((_, at) => at !== skipped) : documents;
  return {
    ...base,
    id: spanIdOf(`${place.run}/retrieval`),
    name: `retrieval ${index}`,
    from,
    to: from + ms,
    attributes: common(place, {
      "gen_ai.operation.name": "retrieval",
      "gen_ai.data_source.id": index,
      "interlock.retrieval.doc_ids": found,
    }),
  };
}
