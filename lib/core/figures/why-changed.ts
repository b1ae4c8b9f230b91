import { CHANGE_TERMS, type ChangeTerm, type SpendChange } from "./spend";

/*
 * Why two periods cost different amounts, as an exact sum. Each agent and model is taken from what it cost before to what
 * it costs now in steps, and a term is what one step changes, in this order: as many runs as now (volume), as many calls a
 * run (steps), the models shared out as now (mix), as many tokens a call (tokens), as much of them from a cache (cache),
 * and at the price of now (price). What was tried again is apart from all of it (retries).
 *
 * Steps are rounded to whole trillionths of a dollar before they are subtracted, so that what one rounds off another
 * takes, and the terms add up to the difference to the last digit. In another order the terms come out different.
 */

/** One agent's calls of one model in one period. */
export type CallsOf = {
  readonly agent: string;
  readonly model: string;
  readonly costPicos: bigint;
  /** The part of the cost that was tried again. */
  readonly retryPicos: bigint;
  /** Calls that cost something, those tried again among them. */
  readonly calls: bigint;
  readonly retries: bigint;
  /** Tokens in, those from a cache among them. */
  readonly input: bigint;
  readonly cached: bigint;
  readonly output: bigint;
};

export type ChangePeriod = { readonly calls: readonly CallsOf[]; readonly runs: ReadonlyMap<string, bigint> };

/** What a token costs against a token of input that is in no cache, in thousandths. */
export type TokenWeights = { readonly cached: bigint; readonly output: bigint };
/** Where a model's prices are not known: a tenth for what comes from a cache, four times for output. */
export const USUAL_WEIGHTS: TokenWeights = { cached: 100n, output: 4_000n };
const WHOLE = 1_000n;

type Terms = Record<ChangeTerm, bigint>;
const noTerms = (): Terms => ({ volume: 0n, steps: 0n, mix: 0n, tokens: 0n, cache: 0n, price: 0n, retries: 0n });

/**
 * @param weightsOf how a model's tokens cost against each other; they move amounts between tokens, cache and price only
 * @param handleOf the name of an agent
 */
export function whyChanged(
  before: ChangePeriod,
  now: ChangePeriod,
  weightsOf: (model: string) => TokenWeights = () => USUAL_WEIGHTS,
  handleOf: (agent: string) => string = (agent) => agent,
): SpendChange {
  const byAgent = new Map<string, Terms>();
  const first = periodOf(before);
  const last = periodOf(now);
  for (const name of new Set([...first.byName.keys(), ...last.byName.keys()])) {
    const [agent = "", model = ""] = name.split(SEPARATOR);
    const terms = byAgent.get(agent) ?? noTerms();
    byAgent.set(agent, terms);
    addSteps(terms, first.byName.get(name) ?? none(agent, model), last.byName.get(name) ?? none(agent, model), {
      volume: volumesOf(agent, first, last),
      weights: weightsOf(model),
    });
  }
  const [beforePicos, nowPicos] = [costOf(before), costOf(now)];
  return {
    beforePicos: String(beforePicos),
    nowPicos: String(nowPicos),
    differencePicos: String(nowPicos - beforePicos),
    terms: CHANGE_TERMS.map((term) => ({
      term,
      picos: String([...byAgent.values()].reduce((sum, terms) => sum + terms[term], 0n)),
      before: figureOf(term, first),
      now: figureOf(term, last),
      most: mostOf(term, byAgent, handleOf),
    })),
  };
}

const SEPARATOR = "\0";
const none = (agent: string, model: string): CallsOf => ({
  agent,
  model,
  costPicos: 0n,
  retryPicos: 0n,
  calls: 0n,
  retries: 0n,
  input: 0n,
  cached: 0n,
  output: 0n,
});

type Totals = { readonly runs: bigint } & Pick<CallsOf, "calls" | "retries" | "input" | "cached" | "output">;
type Read = {
  readonly byName: ReadonlyMap<string, CallsOf>;
  readonly callsOf: ReadonlyMap<string, bigint>;
  readonly runs: ReadonlyMap<string, bigint>;
  readonly totals: Totals;
};

function periodOf({ calls, runs }: ChangePeriod): Read {
  const callsOf = new Map<string, bigint>();
  for (const one of calls) callsOf.set(one.agent, (callsOf.get(one.agent) ?? 0n) + one.calls);
  const sum = (measure: "calls" | "retries" | "input" | "cached" | "output") =>
    calls.reduce((total, one) => total + one[measure], 0n);
  return {
    byName: new Map(calls.map((one) => [`${one.agent}${SEPARATOR}${one.model}`, one])),
    callsOf,
    runs,
    totals: {
      runs: [...runs.values()].reduce((total, count) => total + count, 0n),
      calls: sum("calls"),
      retries: sum("retries"),
      input: sum("input"),
      cached: sum("cached"),
      output: sum("output"),
    },
  };
}

type Volumes = { readonly runs: readonly [bigint, bigint]; readonly calls: readonly [bigint, bigint] };

/** An agent of whose runs none began in a period is measured by its calls alone. */
function volumesOf(agent: string, before: Read, now: Read): Volumes {
  const calls = [before.callsOf.get(agent) ?? 0n, now.callsOf.get(agent) ?? 0n] as const;
  const runs = [before.runs.get(agent) ?? 0n, now.runs.get(agent) ?? 0n] as const;
  const isKnown = runs.every((count, index) => count > 0n || calls[index] === 0n);
  return { runs: isKnown ? runs : calls, calls };
}

function addSteps(
  terms: Terms,
  before: CallsOf,
  now: CallsOf,
  { volume, weights }: { readonly volume: Volumes; readonly weights: TokenWeights },
): void {
  terms.retries += now.retryPicos - before.retryPicos;
  const from = before.costPicos - before.retryPicos;
  const to = now.costPicos - now.retryPicos;
  const [runsBefore, runsNow] = volume.runs;
  const [callsBefore, callsNow] = volume.calls;
  // An agent that is new, or gone, is a matter of volume alone.
  if (callsBefore === 0n || callsNow === 0n) {
    terms.volume += to - from;
    return;
  }
  const volumed = scaled(from, runsNow, runsBefore) ?? from;
  const stepped = scaled(from, callsNow, callsBefore) ?? volumed;
  // A model that was not used before comes in at what it costs now.
  const mixed = before.calls === 0n ? to : (scaled(from, now.calls, before.calls) ?? stepped);
  const isCompared = before.calls > 0n && now.calls > 0n;
  const compared = (tokens: typeof fullTokens) =>
    isCompared ? scaled(from, tokens(now, weights), tokens(before, weights)) : null;
  const tokened = compared(fullTokens) ?? mixed;
  const cached = compared(paidTokens) ?? tokened;
  terms.volume += volumed - from;
  terms.steps += stepped - volumed;
  terms.mix += mixed - stepped;
  terms.tokens += tokened - mixed;
  terms.cache += cached - tokened;
  terms.price += to - cached;
}

/** An amount times a ratio, rounded half up; null where the ratio says nothing. */
function scaled(amount: bigint, over: bigint, under: bigint): bigint | null {
  if (over <= 0n || under <= 0n) return null;
  const product = amount * over * 2n + under;
  const divisor = under * 2n;
  // BigInt division rounds towards zero, and a cost less its retries is never negative by more than a fault in the data.
  return product >= 0n ? product / divisor : -((-product + divisor - 1n) / divisor);
}

/** Tokens as if none came from a cache. */
const fullTokens = ({ input, output }: CallsOf, weights: TokenWeights): bigint =>
  input * WHOLE + output * weights.output;

function paidTokens({ input, cached, output }: CallsOf, weights: TokenWeights): bigint {
  const fromCache = cached > input ? input : cached;
  return (input - fromCache) * WHOLE + fromCache * weights.cached + output * weights.output;
}

const costOf = ({ calls }: ChangePeriod): bigint => calls.reduce((sum, { costPicos }) => sum + costPicos, 0n);

function figureOf(term: ChangeTerm, { totals }: Read): number | null {
  const ratio = (over: bigint, under: bigint) => (under === 0n ? null : Number(over) / Number(under));
  if (term === "volume") return Number(totals.runs);
  if (term === "steps") return ratio(totals.calls, totals.runs);
  if (term === "tokens") return ratio(totals.input + totals.output, totals.calls);
  if (term === "cache") return ratio(totals.cached, totals.input);
  return term === "retries" ? ratio(totals.retries, totals.calls) : null;
}

const sizeOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

function mostOf(
  term: ChangeTerm,
  byAgent: ReadonlyMap<string, Terms>,
  handleOf: (agent: string) => string,
): SpendChange["terms"][number]["most"] {
  let most: { readonly agent: string; readonly picos: bigint } | null = null;
  for (const [agent, terms] of byAgent) {
    if (terms[term] !== 0n && (most === null || sizeOf(terms[term]) > sizeOf(most.picos))) {
      most = { agent, picos: terms[term] };
    }
  }
  return most && { agent: most.agent, handle: handleOf(most.agent), picos: String(most.picos) };
}
