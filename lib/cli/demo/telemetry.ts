import { groupedBy } from "./grouped-by";
import { type DemoSpan, otlpBody, spanIdOf, traceIdOf } from "./otlp";
import { type PastDay, pastDays } from "./telemetry-history";
import { PROFILES, type Profile } from "./telemetry-profiles";
import { type Base, common, modelSpan, type Place, retrievalSpan, rootSpan, type Span } from "./telemetry-spans";
import type { DemoStep } from "./traffic";

/** A step of the demo as it was played; times in milliseconds since 1970. */
export type PlayedStep = {
  readonly step: DemoStep;
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly doneAt: number;
  /** The decision that let the call run; null where none did. */
  readonly allowedBy: string | null;
  /** Whether people have not answered yet, so that the agent is still at it. */
  readonly waits: boolean;
};

/** What happened to single runs. */
const UNGOVERNED = { run: "cleanup-tuesday-1", tool: "export_contacts" };
const OVERLOADED = { run: "ticket-88322-1", at: 1 };
const LOST_PARENT = { run: "refund-4101-1", at: 1 };

const FIRST_MODEL_MS = 1_400;
const FIRST_READ_MS = 90;
const TOOL_MS = 120;
/** Between two calls without this much time nobody asked a model. */
const LEAST_MODEL_MS = 40;

/** One export of an agent, and when it arrives, in milliseconds since 1970. */
export type DemoExport = { readonly agent: string; readonly receivedAt: number; readonly body: Uint8Array };

/** What the demo's agents tell of what they did: an export for each day of the weeks before, and one of what was played. */
export function demoTelemetry(played: readonly PlayedStep[], now: number): readonly DemoExport[] {
  return Object.entries(PROFILES).flatMap(([agent, profile]) => {
    const own = played.filter(({ step }) => step.agent === agent);
    const runs = groupedBy(own, ({ step }) => step.call.run_id);
    const spans = [...runs.values()].flatMap((steps) => runSpans(agent, profile, steps));
    return [...pastDays(agent, profile, now), { receivedAt: now, spans }].flatMap((day) => exportsOf(agent, day));
  });
}

/** Each version of an agent says who it is in a resource of its own. */
function exportsOf(agent: string, { receivedAt, spans }: PastDay): readonly DemoExport[] {
  const versions = groupedBy(spans, ({ attributes }) => String(attributes["gen_ai.agent.version"]));
  return [...versions].map(([version, those]) => {
    const resource = { "service.name": agent, "service.version": version, "deployment.environment.name": "production" };
    return { agent, receivedAt, body: otlpBody(resource, `${agent}.tracing`, version, those) };
  });
}

function runSpans(agent: string, profile: Profile, steps: readonly PlayedStep[]): readonly DemoSpan[] {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  const { run_id: run, session_id: session } = first.step.call;
  const place: Place = { agent, version: profile.version, run, session };
  const trace = traceIdOf(`${agent}/${run}`);
  const began = first.askedAt - FIRST_MODEL_MS - FIRST_READ_MS;
  // A span is sent when it ends: that of a run which still waits for people has not come yet.
  const root = steps.some(({ waits }) => waits) ? null : spanIdOf(`${run}/root`);
  const spans: DemoSpan[] = [];
  const base = { trace, parent: root };
  if (profile.lookUp === null) spans.push(retrievalSpan(base, place, profile, { from: began, ms: FIRST_READ_MS }));
  let free = first.askedAt - FIRST_MODEL_MS;
  for (const [at, played] of steps.entries()) {
    const asked = { from: free, to: played.askedAt - 1, at };
    if (asked.to - asked.from >= LEAST_MODEL_MS) spans.push(...modelSpans(base, place, profile, asked));
    const next = steps[at + 1]?.askedAt ?? Number.POSITIVE_INFINITY;
    spans.push(...toolSpans(base, place, profile, { played, at, next }));
    free = Math.min(Math.max(played.doneAt, played.answeredAt + TOOL_MS), next - 1) + 1;
  }
  if (run === UNGOVERNED.run) spans.push(ungovernedSpan(base, place, free));
  const ended = Math.max(...spans.map(({ to }) => to));
  if (root !== null) spans.unshift(rootSpan(trace, root, place, { from: began, to: ended + 1 }));
  return spans;
}

/** One call of a model, or one that was refused and the one after it. */
function modelSpans(base: Base, place: Place, profile: Profile, { from, to, at }: Span & { readonly at: number }) {
  const spans: DemoSpan[] = [];
  let began = from;
  if (place.run === OVERLOADED.run && at === OVERLOADED.at) {
    const failed = { from, to: from + (to - from) / 3 };
    const error = "The model is overloaded. Try again.";
    const span = modelSpan(base, place, profile.model, { ...failed, at, id: `${place.run}/model-${at}-first` });
    const { "gen_ai.request.model": requested, "gen_ai.provider.name": provider } = span.attributes;
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": provider,
      "gen_ai.request.model": requested,
      "error.type": "overloaded_error",
    };
    spans.push({ ...span, attributes: common(place, attributes), error });
    began = failed.to + 1;
  }
  const isLost = place.run === LOST_PARENT.run && at === LOST_PARENT.at;
  const under = isLost ? { ...base, parent: spanIdOf(`${place.run}/plan`) } : base;
  spans.push(modelSpan(under, place, profile.model, { from: began, to, at, id: `${place.run}/model-${at}` }));
  return spans;
}

/** What ran: calls that were refused or wait for people have no span. */
function toolSpans(
  base: Base,
  place: Place,
  profile: Profile,
  { played, at, next }: { readonly played: PlayedStep; readonly at: number; readonly next: number },
): readonly DemoSpan[] {
  const { step, allowedBy, answeredAt } = played;
  if (allowedBy === null) return [];
  const { tool } = step.call;
  const id = spanIdOf(`${place.run}/tool-${at}`);
  const to = Math.min(answeredAt + TOOL_MS, next - 1);
  const isError = step.outcome === "error";
  const attributes = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": tool,
    "gen_ai.tool.call.id": `call-${place.run}-${at + 1}`,
    "gen_ai.tool.call.arguments": JSON.stringify(step.call.args),
    "interlock.decision_id": allowedBy,
    "interlock.step": at + 1,
    "error.type": isError ? "http_503" : undefined,
  };
  const span: DemoSpan = {
    ...base,
    id,
    name: `execute_tool ${tool}`,
    from: answeredAt,
    to,
    attributes: common(place, attributes),
    ...(isError && { error: "The service did not answer." }),
  };
  if (tool !== profile.lookUp) return [span];
  const ms = Math.max(0, (to - answeredAt) / 2);
  return [span, retrievalSpan({ ...base, parent: id }, place, profile, { from: answeredAt + ms / 2, ms })];
}

const ungovernedSpan = (base: Base, place: Place, from: number): DemoSpan => ({
  ...base,
  id: spanIdOf(`${place.run}/ungoverned`),
  name: `execute_tool ${UNGOVERNED.tool}`,
  from,
  to: from + TOOL_MS,
  attributes: common(place, {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": UNGOVERNED.tool,
    "gen_ai.tool.call.id": `call-${place.run}-export`,
    "gen_ai.tool.call.arguments": JSON.stringify({ status: "error", format: "csv" }),
  }),
});
