import { readdirSync, readFileSync } from "node:fs";

/** Linux reports times in /proc in hundredths of a second, whatever the kernel's own tick is. */
const US_PER_TICK = 10_000;

/** What `/proc/<pid>/stat` says of one process: its parent, its own time, and the time of its children that have ended. */
export type ProcessStat = { readonly parent: number; readonly ownUs: number; readonly endedChildrenUs: number };

/** Reads one line of `/proc/<pid>/stat`. The name in brackets may itself contain spaces and brackets. */
export function parseStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = (place: number) => Number(fields[place] ?? 0) * US_PER_TICK;
  return { parent: Number(fields[1]), ownUs: ticks(11) + ticks(12), endedChildrenUs: ticks(13) + ticks(14) };
}

/** Microseconds on a processor by `/proc/…/schedstat`, which counts in nanoseconds. */
export function parseSchedstat(line: string): number {
  return Number(line.split(" ")[0]) / 1_000;
}

/** Microseconds of CPU that a process has used with all its threads; null where the system does not tell. */
export function cpuOfProcess(pid: number): number | null {
  const tasks = list(`/proc/${pid}/task`).flatMap((task) => read(`/proc/${pid}/task/${task}/schedstat`) ?? []);
  if (tasks.length > 0) return tasks.reduce((sum, line) => sum + parseSchedstat(line), 0);
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(stat).ownUs;
}

/** The same for a process and all its children, those that have ended included. Postgres is such a family. */
export function cpuOfFamily(pid: number): number | null {
  const children = list("/proc").filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid);
  const own = cpuOfProcess(pid);
  const stat = read(`/proc/${pid}/stat`);
  if (own === null || stat === null) return null;
  const living = children.reduce((sum, child) => sum + (cpuOfProcess(Number(child)) ?? 0), 0);
  return own + parseStat(stat).endedChildrenUs + living;
}

/** Hundredths of a second of all cores since the machine started, and how many of them its host gave to others. */
export type MachineTimes = { readonly all: number; readonly stolen: number };

/** Reads the first line of `/proc/stat`: user, nice, system, idle, waiting, interrupts, soft interrupts, stolen. */
export function parseMachineTimes(text: string): MachineTimes {
  const ticks = (text.split("\n")[0] ?? "").split(/ +/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 };
}

/** The times of this machine until now; null where the system does not tell. */
export function machineTimes(): MachineTimes | null {
  const text = read("/proc/stat");
  return text === null ? null : parseMachineTimes(text);
}

/** The process that started this one; null where the system does not tell. */
export function parentOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(stat).parent;
}

/** The name of a process's program; null where the system does not tell. */
export function nameOfProcess(pid: number): string | null {
  return read(`/proc/${pid}/comm`)?.trim() ?? null;
}

/** A process may end while it is read. */
function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
