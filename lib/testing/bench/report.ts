import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

import { type MachineTimes, machineTimes } from "./cpu";
import type { EngineLine } from "./engine";
import type { FarPart } from "./far";
import type { HotPart } from "./hot";
import type { OpenPart } from "./open";
import type { Options } from "./options";
import type { PastPart } from "./past";
import type { ReplicasPart } from "./replicas";
import type { Check, Part } from "./requirements";
import type { Series } from "./rounds";
import { ratioOf } from "./statistics";
import type { StopsPart } from "./stops";

/** All figures by part; a part that was not asked for, or could not be measured, is absent. */
export type Figures = {
  readonly engine?: readonly EngineLine[];
  readonly durable?: readonly Series[];
  readonly open?: OpenPart;
  readonly hot?: HotPart;
  readonly replicas?: ReplicasPart;
  readonly stops?: StopsPart;
  readonly far?: FarPart;
  readonly past?: PastPart;
};

/** Where and when the figures were measured. */
export type Machine = {
  readonly at: string;
  readonly commit: string;
  readonly node: string;
  readonly postgres: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Processes that wanted to run when the benchmark started, on average over the last minute. */
  readonly load: number;
};

/** The one document that `--json` writes. */
export type Report = {
  readonly benchmark: "decide";
  readonly machine: Machine;
  readonly options: Pick<Options, "seconds" | "rounds" | "warm" | "size" | "quick">;
  readonly figures: Figures;
  readonly checks: readonly Check[];
  /** The same at the end, and the share of all CPU time that the host of a virtual machine gave to others meanwhile. */
  readonly end: { readonly load: number; readonly stolen: number | null };
  readonly notMeasured: readonly { readonly part: Part; readonly why: string }[];
};

/** Describes this machine now. */
export function describeMachine(postgres: string): Machine {
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    commit: commitOf(),
    node: process.version,
    postgres,
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    load: loadavg()[0] ?? 0,
  };
}

/** What the rest of the run was disturbed by, once it is over. */
export function describeEnd(before: MachineTimes | null): Report["end"] {
  const now = machineTimes();
  const stolen = before && now ? ratioOf(now.stolen - before.stolen, now.all - before.all) : null;
  return { load: loadavg()[0] ?? 0, stolen };
}

/** The machine in two lines of text. */
export function machineLines({ at, commit, node, postgres, cpu, cores, memoryGb, system, load }: Machine): string {
  return [
    `bench:decide  commit ${commit}  ${at}`,
    `${cores} × ${cpu}, ${memoryGb} GB, ${system}, Node ${node}, Postgres ${postgres}, load average ${load.toFixed(2)} at start`,
  ].join("\n");
}

/** A copy without Git, such as an archive, has no commit. */
function commitOf(): string {
  const git = (...args: readonly string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  try {
    const isClean = git("status", "--porcelain", "--untracked-files=no") === "";
    return `${git("rev-parse", "--short", "HEAD")}${isClean ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}
