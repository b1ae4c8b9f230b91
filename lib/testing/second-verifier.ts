import { createHash, createPublicKey, verify } from "node:crypto";

// A second verifier, written from lib/core/ledger/format.md alone: it imports nothing of ours, and shares no line with
// the first. It checks all that is hashed and signed; judging verdicts again takes the engine and is left to the first.

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Members = { readonly [name: string]: Json };
type Key = { readonly text: string; readonly name: string; readonly id: string; readonly bytes: Buffer };

const MEMBERS: { readonly [type: string]: readonly string[] } = {
  header: ["format", "log", "root_hash", "size", "v", "workspace"],
  key: ["key"],
  checkpoint: ["note"],
  entry: ["entry", "index", "leaf_hash"],
  manifest: ["content", "hash"],
  guardrail: ["content", "hash"],
  tool: ["definition", "hash"],
  payload: ["decision", "index", "state"],
  end: ["lines"],
};
const ORDER = Object.keys(MEMBERS);
const SPKI = Buffer.from("302a300506032b6570032100", "hex");

const hash = (...parts: readonly (Buffer | string)[]): Buffer => {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part);
  return sum.digest();
};
const hex = (...parts: readonly (Buffer | string)[]): string => hash(...parts).toString("hex");
const leafOf = (text: string): Buffer => hash(Buffer.of(0), text);
const nodeOf = (left: Buffer, right: Buffer): Buffer => hash(Buffer.of(1), left, right);

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return hash();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** The root that an inclusion proof leads to, by the recursion of RFC 6962 §2.1.1 turned round; null for a wrong length. */
function rootByPath(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  const sibling = path.at(-1);
  if (size === 1) return path.length === 0 ? leaf : null;
  if (sibling === undefined) return null;
  let split = 1;
  while (split * 2 < size) split *= 2;
  const below = path.slice(0, -1);
  if (index < split) {
    const left = rootByPath(leaf, index, split, below);
    return left && nodeOf(left, sibling);
  }
  const right = rootByPath(leaf, index - split, size - split, below);
  return right && nodeOf(sibling, right);
}

function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(",")}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isMembers = (value: Json | undefined): value is Members =>
  typeof value === "object" && value !== null && !isList(value);
const membersOf = (value: Json | undefined): Members => (isMembers(value) ? value : {});

/** Throws for whatever does not fit: a second opinion needs one word only. */
function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

function bytesOf(text: string, spelling: "base64" | "base64url"): Buffer {
  const bytes = Buffer.from(text, spelling);
  must(bytes.toString(spelling) === text, "another spelling of Base 64");
  return bytes;
}

function keyOf(text: string): Key {
  const [name = "", id = "", ...rest] = text.split("+");
  const bytes = bytesOf(rest.join("+"), "base64");
  must(bytes.length === 33 && bytes[0] === 1, "no Ed25519 key");
  must(hex(`${name}\n`, bytes).slice(0, 8) === id, "a key of another id");
  return { text, name, id, bytes: bytes.subarray(1) };
}

const isSigned = (key: Key, message: string | Buffer, signature: Buffer): boolean =>
  verify(
    null,
    Buffer.from(message),
    createPublicKey({ key: Buffer.concat([SPKI, key.bytes]), format: "der", type: "spki" }),
    signature,
  );

/** What is believed: keys, and up to which size each. */
type Believed = { readonly keys: ReadonlyMap<string, Key>; readonly until: ReadonlyMap<string, number> };

function believe(pinned: Key, entries: readonly Members[]): Believed {
  const keys = new Map([[pinned.text, pinned]]);
  const until = new Map<string, number>();
  const changes: (readonly [Key, Key])[] = [];
  for (const [index, { kind, details }] of entries.entries()) {
    if (kind !== "ledger.rotate") continue;
    const { key, previous = null, signature = null } = membersOf(details);
    if (previous === null || signature === null) continue;
    const [old, next] = [keyOf(String(previous)), keyOf(String(key))];
    const message = `interlock-rotate-v1\n${old.text}\n${next.text}\n`;
    must(isSigned(old, message, bytesOf(String(signature), "base64")), "a rotation its old key did not sign");
    until.set(old.text, index);
    changes.push([old, next]);
  }
  for (const _ of changes)
    for (const [old, next] of changes) {
      if (keys.has(old.text)) keys.set(next.text, next);
      if (keys.has(next.text)) keys.set(old.text, old);
    }
  return { keys, until };
}

function checkCheckpoints(notes: readonly string[], leaves: readonly Buffer[], { keys, until }: Believed): void {
  let [before, time] = [0, ""];
  for (const note of notes) {
    const [, text = "", origin = "", size = "", root = "", at = "", name = "", signed = ""] =
      /^((\S+)\n(\d+)\n(\S+)\ntime (\S+)\n)\n— (\S+) (\S+)\n$/u.exec(note) ?? [];
    const count = Number(size);
    must(count > before && at >= time && count <= leaves.length, "a checkpoint out of order");
    [before, time] = [count, at];
    const bytes = bytesOf(signed, "base64");
    const key = [...keys.values()].find((one) => one.name === name && one.id === bytes.toString("hex", 0, 4));
    must(key !== undefined && origin === key.name, "a checkpoint of a stranger");
    must(count <= (until.get(key.text) ?? Number.POSITIVE_INFINITY), "a checkpoint of a retired key");
    must(isSigned(key, text, bytes.subarray(4)), "a checkpoint that is not signed");
    must(rootOf(leaves.slice(0, count)).toString("base64") === root, "a root of other entries");
  }
  must(before === leaves.length && before > 0, "entries that nobody signed");
}

function checkPayload(payload: Members, entry: Members): void {
  const { call, salt } = payload;
  const bytes = Buffer.from(String(salt), "hex");
  must(bytes.length > 0 && bytes.toString("hex") === salt, "no salt");
  must(hex(bytes, canonical(call ?? null)) === entry["payload"], "another call");
  if (entry["v"] === 3) must(hex(bytes, canonical(payload["beside"] ?? null)) === entry["beside"], "other facts");
  const { session_id, run_id, tool, args = null } = membersOf(call);
  must(session_id === entry["session"] && run_id === entry["run"] && tool === entry["tool"], "a call of another entry");
  const { agent = null, session = null, tool_hash = null, manifest_version } = entry;
  const about = { agent, args, manifest_version: manifest_version ?? 0, session, tool: tool ?? null, tool_hash };
  must(hex(bytes, hex(canonical(about))) === entry["action"], "another action");
}

function checkPayloads(payloads: readonly Members[], entries: readonly Members[]): void {
  const decisions = [...entries.entries()].filter(([, { kind }]) => kind === "decision");
  const erased = new Set(
    entries.filter(({ kind }) => kind === "payload.erase").map(({ details }) => membersOf(details)["decision_id"]),
  );
  must(payloads.length === decisions.length, "not one payload for every decision");
  for (const [at, [index, entry]] of decisions.entries()) {
    const payload = payloads[at] ?? {};
    must(payload["index"] === index && payload["decision"] === entry["id"], "a payload out of order");
    if (payload["state"] === "kept") checkPayload(payload, entry);
    else must(payload["state"] === "erased" && erased.has(entry["id"] ?? null), "a payload that is withheld");
  }
}

function checkDefinitions(lines: readonly Members[], entries: readonly Members[]): void {
  const named = new Set<string>();
  for (const entry of entries) {
    const [noun] = String(entry["kind"]).split(".");
    for (const type of ["manifest", "guardrail", "tool"]) {
      const name =
        entry["kind"] === "decision" ? entry[`${type}_hash`] : noun === type && membersOf(entry["details"])["hash"];
      if (typeof name === "string" && name !== "uncatalogued") named.add(`${type} ${name}`);
    }
  }
  const names = lines.map(({ type, hash: name }) => `${String(type)} ${String(name)}`);
  must(new Set(names).size === names.length && names.every((name) => named.has(name)), "a definition too many");
  must(names.length === named.size, "a definition too few");
  for (const [at, line] of lines.entries()) {
    const content = line["content"] ?? line["definition"] ?? null;
    must(hex(canonical(content)) === line["hash"], "a definition of another hash");
    const before = lines[at - 1];
    must(
      before?.["type"] !== line["type"] || String(before?.["hash"]) < String(line["hash"]),
      "definitions out of order",
    );
  }
}

function checkReceipt(receipt: string, leaves: readonly Buffer[], { keys }: Believed): void {
  const [prefix, body = "", signature = ""] = receipt.split(".");
  const told = bytesOf(body, "base64url").toString("utf8");
  const promise = membersOf(JSON.parse(told));
  must(prefix === "ilr2" && canonical(promise) === told, "no receipt");
  const { at = null, key: id = null, log = null, decision, leaf, index, size = null, path } = promise;
  const hashes = (isList(path ?? null) ? [...(path as readonly Json[])] : []).map((one) =>
    Buffer.from(String(one), "hex"),
  );
  const root = rootByPath(leafOf(`${String(decision)} ${String(leaf)}`), Number(index), Number(size), hashes);
  must(root !== null, "a path of another length");
  const message = `interlock-receipt-v2\n${canonical({ at, key: id, log, root: root.toString("hex"), size })}`;
  const key = [...keys.values()].find((one) => one.name === log && one.id === id);
  must(key !== undefined && isSigned(key, message, bytesOf(signature, "base64url")), "a receipt nobody signed");
  must(
    leaves.some((one) => one.toString("hex") === leaf),
    "a receipt without its entry",
  );
}

/** Checks a bundle. @returns null when all of it fits, else the first thing that does not */
export function verifyAgain(lines: readonly string[], pinned: string, receipts: readonly string[]): string | null {
  try {
    const read = lines.map((line): Members => {
      const value: Json = JSON.parse(line);
      must(isMembers(value) && canonical(value) === line, "a line that is not canonical");
      return value;
    });
    const types = read.map(({ type }) => ORDER.indexOf(String(type)));
    must(
      types.every((place, at) => place >= 0 && place >= (types[at - 1] ?? 0)),
      "a line out of place",
    );
    for (const { type, ...members } of read) {
      const more = type === "payload" && members["state"] === "kept" ? ["beside", "call", "salt"] : [];
      const names = [...(MEMBERS[String(type)] ?? []), ...more].toSorted();
      must(Object.keys(members).toSorted().join() === names.join(), "a line with other members");
    }
    const of = (...wanted: readonly string[]) => read.filter(({ type }) => wanted.includes(String(type)));
    const entries = of("entry").map(({ entry }) => membersOf(entry));
    const leaves = entries.map((entry) => leafOf(canonical(entry)));
    for (const [at, { index, leaf_hash }] of of("entry").entries())
      must(index === at && leaves[at]?.toString("hex") === leaf_hash, "an entry of another place or hash");
    const key = keyOf(pinned);
    const [header, ...otherHeaders] = of("header");
    const [end, ...otherEnds] = of("end");
    must(header !== undefined && otherHeaders.length + otherEnds.length === 0, "not one header and one end");
    must(header["format"] === "interlock-bundle" && header["v"] === 2, "another format");
    must(header["log"] === key.name && header["size"] === entries.length, "a header of another log");
    must(header["root_hash"] === rootOf(leaves).toString("hex"), "a header of another root");
    must(
      entries.every(({ workspace }) => workspace === header["workspace"]),
      "an entry of another workspace",
    );
    must(end?.["lines"] === lines.length, "another number of lines");
    const rotated = entries
      .filter(({ kind }) => kind === "ledger.rotate")
      .map(({ details }) => membersOf(details)["key"]);
    must(
      canonical(of("key").map((line) => line["key"] ?? null)) === canonical(rotated.map((one) => one ?? null)),
      "other keys",
    );
    const believed = believe(key, entries);
    checkCheckpoints(
      of("checkpoint").map(({ note }) => String(note)),
      leaves,
      believed,
    );
    checkDefinitions(of("manifest", "guardrail", "tool"), entries);
    checkPayloads(of("payload"), entries);
    for (const receipt of receipts) checkReceipt(receipt, leaves, believed);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
