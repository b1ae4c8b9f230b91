import { figure, whole } from "./format";

/** One required figure: what it is, the limit, and the aim beyond it. */
type Requirement = {
  readonly part: Part;
  readonly what: string;
  readonly unit: "times" | "ms" | "count";
  readonly sense: "at least" | "at most";
  /** Null where only an aim is set. */
  readonly limit: number | null;
  readonly aim: number | null;
};

/** The parts of the benchmark, in the order they run. */
export const PARTS = ["engine", "durable", "open", "hot", "replicas", "stops", "far", "past"] as const;
export type Part = (typeof PARTS)[number];

/** What deciding must reach. The benchmark, its JSON and the README's table all read this list. */
export const REQUIREMENTS = {
  cedar: least("engine", "Cedar (wasm, policies sliced by tool), time per decision against ours", 50, 150),
  microsoft: least("engine", "Microsoft agent governance SDK, time per decision against ours", 60, 250),
  casl: least("engine", "CASL, time per decision against ours", 3, 20),
  tenfold: most("engine", "ten times the policy, time per decision", 1.5, 1.2),
  live: most("engine", "1,000 live manifests, time per decision", 1.5, 1.2),
  oracle: none("engine", "verdicts that differ from the interpreted oracle"),
  cpuAsks: most("durable", "CPU per decision against no commit, 15 % ask", 4, 2.5),
  cpuPlain: most("durable", "CPU per decision against no commit, no call asks", 3, 2.5),
  rateNone: least("durable", "decisions per second against no commit, 15 % ask", 0.15, 0.4),
  ratePrisma: least("durable", "decisions per second against one Prisma create a call, 15 % ask", 3, 8),
  p99: { part: "durable", what: "p99 of a decision, 15 % ask", unit: "ms", sense: "at most", limit: 25, aim: 6 },
  openP50: { part: "open", what: "p50 at 300 calls a second", unit: "ms", sense: "at most", limit: 5, aim: null },
  openP99: { part: "open", what: "p99 at 300 calls a second", unit: "ms", sense: "at most", limit: 15, aim: 6 },
  overruns: none("open", "calls over the deadline or not answered, at 300 a second"),
  gaps: none("open", "gaps in the ledger after both rates"),
  hotRate: least("hot", "decisions per second on one budget against an UPDATE a call", 3, 8),
  hotP99: most("hot", "p99 on one budget against an UPDATE a call", null, 0.1),
  hotOvershoot: none("hot", "calls allowed beyond one budget, one process"),
  replicas: least("replicas", "two processes on one database against one, 15 % ask", 0.8, null),
  replicasHot: least("replicas", "two processes against one, on one budget", 0.8, null),
  replicasOvershoot: none("replicas", "calls allowed beyond one budget, two processes"),
  stopP99: {
    part: "stops",
    what: "p99 of a stop's answer under load",
    unit: "ms",
    sense: "at most",
    limit: 1_000,
    aim: 250,
  },
  late: none("stops", "calls allowed after a stop's answer"),
  far: least("far", "database 1 ms away, decisions per second against a local one", 0.7, null),
  past: most("past", "CPU per decision after loading past decisions, against before", 1.2, null),
} as const satisfies Record<string, Requirement>;

export type RequirementId = keyof typeof REQUIREMENTS;
/** What was measured; null where it could not be, absent where it was not asked for. */
export type Values = { readonly [id in RequirementId]?: number | null };

/** What one part measured, and its values for the requirements. */
export type Outcome<Figures> = { readonly figures: Figures; readonly values: Values };

export type Check = Requirement & { readonly id: RequirementId; readonly value: number | null; readonly met: Met };
type Met = "met" | "missed" | "no limit" | "not measured";

/** All requirements of the given parts beside their values. */
export function checksOf(values: Values, parts: readonly Part[]): readonly Check[] {
  return ids()
    .filter((id) => parts.includes(REQUIREMENTS[id].part))
    .map((id) => {
      const requirement: Requirement = REQUIREMENTS[id];
      const value = values[id] ?? null;
      return { ...requirement, id, value, met: verdict(requirement, value) };
    });
}

/** The names of all requirements, in the order they are shown. */
export function ids(): readonly RequirementId[] {
  return (Object.keys(REQUIREMENTS) as RequirementId[]).toSorted(
    (a, b) => PARTS.indexOf(REQUIREMENTS[a].part) - PARTS.indexOf(REQUIREMENTS[b].part),
  );
}

function verdict({ sense, limit }: Requirement, value: number | null): Met {
  if (value === null || Number.isNaN(value)) return "not measured";
  if (limit === null) return "no limit";
  return (sense === "at least" ? value >= limit : value <= limit) ? "met" : "missed";
}

/** A figure in the unit of its requirement. */
export function shown(value: number | null, unit: Requirement["unit"]): string {
  if (value === null || Number.isNaN(value)) return "n/a";
  if (unit === "count") return whole(value);
  return `${figure(value)}${unit === "ms" ? " ms" : "×"}`;
}

/** The limit or the aim in words, such as "at most 4×"; a dash where there is none. */
export function bound(requirement: Requirement, of: "limit" | "aim"): string {
  const value = requirement[of];
  if (value === null) return "–";
  if (requirement.unit === "count") return value === 0 ? "0" : `${requirement.sense} ${value}`;
  return `${requirement.sense} ${value.toLocaleString("en-US")}${requirement.unit === "ms" ? " ms" : "×"}`;
}

function least(part: Part, what: string, limit: number, aim: number | null) {
  return { part, what, unit: "times", sense: "at least", limit, aim } as const;
}

function most(part: Part, what: string, limit: number | null, aim: number | null) {
  return { part, what, unit: "times", sense: "at most", limit, aim } as const;
}

function none(part: Part, what: string) {
  return { part, what, unit: "count", sense: "at most", limit: 0, aim: null } as const;
}
