import { isJsonArray, type Json } from "@/lib/core/shared/json";

import { valueText } from "./value-text";

const ANYWHERE = new Set(["0.0.0.0/0", "::/0", "0.0.0.0", "[::]", "::"]);
const SECRET = new Set(
  "password passwd pwd secret secrets token tokens apikey credential credentials privatekey passphrase dsn connectionstring".split(
    " ",
  ),
);
const COUNTS = new Set(
  "replicas replicacount minreplicas maxreplicas count desired desiredcount min max size instances".split(" "),
);
/** Switched off, these open or blind something. */
const GUARDS = new Set(
  "tls ssl https auth authentication authorization verify verification encrypt encryption encrypted audit auditing logging backup backups mfa csrf rbac firewall waf sandbox readonly protection deletionprotection".split(
    " ",
  ),
);
/** Switched on, these do. */
const HOLES = new Set(
  "insecure privileged public anonymous debug skip skipverify skiptlsverify allowall allowany allowprivilegeescalation hostnetwork hostpid force disableauth disabletls".split(
    " ",
  ),
);

/**
 * Names what about a changed setting a reviewer should not have to find by reading: facts, each of them, and no advice.
 *
 * @param before `undefined` where the setting is new; `after` where it goes
 */
export function settingFlags(path: string, before: Json | undefined, after: Json | undefined): readonly string[] {
  const words = wordsOf(path);
  const name = words.at(-1) ?? "";
  const flags: string[] = [];
  if (after !== undefined) {
    if (isAny(after, (text) => ANYWHERE.has(text))) flags.push("open to every address");
    if (isAny(after, (text) => text === "*" || text.includes("*"))) flags.push("wildcard");
    if (typeof after === "number" && after === 0 && COUNTS.has(name)) flags.push("goes to zero");
    if (isLatest(name, after)) flags.push("image without a fixed version");
  }
  if (isSwitch(name, GUARDS) && isOff(after) && !isOff(before)) flags.push("protection goes off");
  if (isSwitch(name, HOLES) && isOn(after) && !isOn(before)) flags.push("protection goes off");
  if (words.some((word) => SECRET.has(word) || SECRET.has(word.replace(/s$/, "")))) flags.push("looks like a secret");
  if (tenfold(before, after)) flags.push("ten times or more");
  return flags;
}

/** The names on the way to a setting, in small letters and without what joins their words; places in a list left out. */
function wordsOf(path: string): string[] {
  return path
    .split("/")
    .map((step) => step.replaceAll(/[^A-Za-z]/g, "").toLowerCase())
    .flatMap((step) => [step, ...[...SECRET].filter((word) => step.endsWith(word))])
    .filter((step) => step !== "");
}

function isAny(value: Json, test: (text: string) => boolean): boolean {
  if (isJsonArray(value)) return value.some((item) => isAny(item, test));
  return typeof value === "string" && value.split(",").some((text) => test(text.trim()));
}

function isLatest(name: string, value: Json): boolean {
  return name === "image" && typeof value === "string" && (value.endsWith(":latest") || !/[:@]/.test(value));
}

const isSwitch = (name: string, among: ReadonlySet<string>) =>
  among.has(name) ||
  [...among].some((word) => word.length > 2 && (name === `${word}enabled` || name === `enable${word}`));
const isOff = (value: Json | undefined) =>
  value === undefined ||
  value === null ||
  value === 0 ||
  (typeof value !== "object" && /^(?:false|off|no|none|disabled?|0)$/i.test(valueText(value)));
const isOn = (value: Json | undefined) =>
  value === true || value === 1 || (typeof value === "string" && /^(?:true|on|yes|enabled?|1)$/i.test(value));

function tenfold(before: Json | undefined, after: Json | undefined): boolean {
  const number = (value: Json | undefined) =>
    typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  const [from, to] = [number(before), number(after)];
  return (
    typeof from === "number" && typeof to === "number" && Math.abs(from) > 0 && Math.abs(to) >= 10 * Math.abs(from)
  );
}
