import { IN_FLIGHT, MIX_NAMES, NO_COMMIT, OURS, PRISMA } from "./contenders";
import { figure, whole } from "./format";
import type { Report } from "./report";
import { bound, type Check, ids, REQUIREMENTS, shown } from "./requirements";
import type { Series } from "./rounds";

const BEGIN = "<!-- bench:decide: written by `npm run bench:table`, do not edit -->";
const END = "<!-- end of bench:decide -->";

const RATE_HEAD = [
  "In flight",
  "Calls",
  "decisions/s",
  "p50 ms",
  "p99 ms",
  "p99.9 ms",
  "CPU µs, Node + Postgres",
  "decisions a transaction",
  "WAL bytes",
  `${NO_COMMIT}/s`,
  `${PRISMA}/s`,
];
const CHECK_HEAD = ["What is required", "Measured", "Limit", "Aim", ""];

/** The text between the markers of the README: the machine, the durable path, and every requirement. */
export function readmeTable(report: Report): string {
  return [machineOf(report), ratesOf(report.figures.durable ?? []), checkTable(report.checks)].join("\n\n");
}

/** The README with its table replaced. @throws when the markers are missing */
export function withTable(readme: string, table: string): string {
  const { before, after } = around(readme);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}

/** The table as the README has it. @throws when the markers are missing */
export function tableIn(readme: string): string {
  const { before, after } = around(readme);
  return readme.slice(before.length + BEGIN.length, readme.length - after.length - END.length).trim();
}

/** What stays the same whatever was measured: of each table row the number of cells and the words of the first. */
export function shapeOf(table: string): readonly string[] {
  return table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => {
      const cells = line.split("|").slice(1, -1);
      const isRate = /^ \d+ $/.test(cells[0] ?? "");
      return `${cells.length}: ${cells
        .slice(0, isRate ? 2 : 1)
        .join("|")
        .trim()}`;
    });
}

function around(readme: string) {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The README lacks the markers "${BEGIN}" and "${END}".`);
  return { before: readme.slice(0, begin), after: readme.slice(end + END.length) };
}

function machineOf({ machine, options }: Report): string {
  const { at, commit, node, postgres, cpu, cores, load } = machine;
  return `Measured ${at.slice(0, 10)} at commit ${commit} on ${cores} × ${cpu}, shared by load generator, servers and Postgres; Node ${node}, Postgres ${postgres}, load average ${load.toFixed(1)} at the start. Medians of ${options.rounds} interleaved rounds of ${options.seconds} s, after at least ${whole(options.warm)} calls to each server. CPU and WAL are per decision; the last two columns are the same server without commit, and with one Prisma create a call instead.`;
}

function ratesOf(durable: readonly Series[]): string {
  const rows = IN_FLIGHT.flatMap((inFlight) =>
    (["asks", "plain"] as const).map((mix) => {
      const middle = (name: string, key: keyof Series["figures"]) =>
        durable.find((one) => one.name === name && one.mix === mix && one.inFlight === inFlight)?.figures[key]?.median;
      const rounded = (name: string, key: keyof Series["figures"]) => {
        const value = middle(name, key);
        return value === undefined ? "n/a" : whole(value);
      };
      return [
        String(inFlight),
        MIX_NAMES[mix],
        rounded(OURS, "perSecond"),
        figure(middle(OURS, "p50")),
        figure(middle(OURS, "p99")),
        figure(middle(OURS, "p999")),
        `${rounded(OURS, "nodeUs")} + ${rounded(OURS, "postgresUs")}`,
        figure(middle(OURS, "batch")),
        rounded(OURS, "walBytes"),
        rounded(NO_COMMIT, "perSecond"),
        rounded(PRISMA, "perSecond"),
      ];
    }),
  );
  return markdown(RATE_HEAD, rows);
}

function checkTable(checks: readonly Check[]): string {
  const rows = ids().map((id) => {
    const check = checks.find((one) => one.id === id);
    const requirement = REQUIREMENTS[id];
    const measured = check ? shown(check.value, check.unit) : "n/a";
    return [
      requirement.what,
      measured,
      bound(requirement, "limit"),
      bound(requirement, "aim"),
      check?.met ?? "not measured",
    ];
  });
  return markdown(CHECK_HEAD, rows);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const isText = (place: number) => head[place] === "Calls" || place === 0 || head[place] === "";
  const ruler = `|${head.map((_, place) => (isText(place) ? "---" : "--:")).join("|")}|`;
  return [line(head), ruler, ...rows.map(line)].join("\n");
}
