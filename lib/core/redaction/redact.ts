import { globMatches } from "@/lib/core/manifests/glob";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { jsonInText } from "@/lib/core/shared/json-text";

import { detect } from "./detect";
import { hashOf, isMarker, maskOf } from "./marker";
import { canBeSecret, kindOfName } from "./names";
import { phoneOf } from "./numbers";
import {
  DEFAULT_ACTIONS,
  type Detector,
  type RedactionAction,
  type RedactionRule,
  type RedactionSettings,
} from "./schema";
import type { Span } from "./span";

/** A keyed hash in hex, HMAC-SHA256 with the workspace's key; injected, so that the core holds no key. */
export type KeyedHash = (text: string) => string;

/** What was replaced, where and how often. Never what it was. */
export type Redaction = {
  readonly detector: Detector | "too_deep";
  /** The service whose key it was, where the key says so. */
  readonly service: string | null;
  readonly place: string;
  readonly count: number;
};

export type Redacted<T> = {
  readonly value: T;
  readonly redactions: readonly Redaction[];
};

/** The redaction of one workspace for one agent. Redacting what was redacted changes nothing. */
export type Redactor = {
  readonly keepsContent: boolean;
  /** @param place where the value stands, such as `tool.args`; rules name it and findings are told under it */
  readonly redact: (value: Json, place: string) => Redacted<Json>;
};

const LABELS = ["name", "key", "header", "field", "id"];
const DEEPEST = 64;
/** Items of a list share one place: a rule is for all of them, and a finding is counted once. */
const ANY_INDEX = "*";
/** Two are usual. A text that is still not done after so many was made for it, and is not kept. */
const MOST_ROUNDS = 12;
/** Numbers of fewer digits are no card; most numbers are short, and are not made into text. */
const LEAST_NUMBER = 1_000_000_000_000;
const LEAST_SECRET_NUMBER = 100;
const LEAST_PHONE_DIGITS = 6;

/** Makes the redactor of a workspace for an agent: its rules in order, then the defaults. */
export function compileRedactor(settings: RedactionSettings, agent: string | null, hash: KeyedHash): Redactor {
  const rules = settings.rules.filter(
    (rule) => rule.agent === null || (agent !== null && globMatches(rule.agent, agent)),
  );
  return {
    keepsContent: settings.keep_content,
    redact: (value, place) => {
      const walk = new Walk(rules, hash, place);
      return { value: walk.any(value), redactions: walk.redactions() };
    },
  };
}

/** One value under redaction: where the walk is, and what it found so far. */
class Walk {
  private readonly path: string[];
  private readonly counts = new Map<string, Redaction>();
  /** Rules that name a place and no detector ask every leaf where it is; few workspaces have any. */
  private readonly hasPlaces: boolean;

  constructor(
    private readonly rules: readonly RedactionRule[],
    private readonly hash: KeyedHash,
    place: string,
  ) {
    this.path = [place];
    this.hasPlaces = rules.some(({ detector }) => detector === "value");
  }

  redactions(): readonly Redaction[] {
    return [...this.counts.values()];
  }

  /** The value itself where nothing in it is redacted. */
  any(value: Json): Json {
    if (typeof value === "string") return this.named(value, () => this.text(value));
    if (typeof value === "number") return this.named(value, () => this.number(value));
    if (isJsonArray(value)) return this.deeper(() => this.list(value));
    if (isJsonObject(value)) return this.deeper(() => this.object(value));
    return value;
  }

  private deeper(walk: () => Json): Json {
    if (this.path.length <= DEEPEST) return walk();
    this.note("too_deep", null);
    return maskOf("too_deep");
  }

  private list(list: readonly Json[]): Json {
    let changed: Json[] | null = null;
    for (const [at, item] of list.entries()) {
      this.path.push(ANY_INDEX);
      const next = this.any(item);
      this.path.pop();
      if (next !== item) changed ??= [...list];
      if (changed) changed[at] = next;
    }
    return changed ?? list;
  }

  private object(object: JsonObject): Json {
    let changed: [string, Json][] | null = null;
    const keys = Object.keys(object);
    for (const [at, key] of keys.entries()) {
      const item = object[key] ?? null;
      const name = this.text(key);
      this.path.push(name);
      const next = key === "value" ? this.labelled(item, object) : this.any(item);
      this.path.pop();
      if (next !== item || name !== key)
        changed ??= keys.slice(0, at).map((before) => [before, object[before] ?? null]);
      changed?.push([name, next]);
    }
    // `fromEntries` defines keys, where an assignment to `__proto__` would not.
    return changed === null ? object : Object.fromEntries(distinct(changed));
  }

  /** Headers, variables and form fields come as lists of `{ name, value }`: the name beside a value is its key. */
  private labelled(value: Json, beside: JsonObject): Json {
    const label = LABELS.map((key) => (Object.hasOwn(beside, key) ? beside[key] : null)).find(
      (text) => typeof text === "string" && kindOfName(text) !== "other",
    );
    if (typeof label !== "string") return this.any(value);
    this.path.push(this.text(label));
    const next = this.any(value);
    this.path.pop();
    return next;
  }

  /** What a rule says of this place, then what the nearest telling key says, then what the value itself says. */
  private named(value: string | number, otherwise: () => Json): Json {
    if (typeof value === "string" && isMarker(value)) return value;
    if (this.hasPlaces) {
      const place = this.place();
      const rule = this.rules.find(({ detector, where }) => detector === "value" && fits(where, place));
      if (rule) return this.replaced("value", null, String(value), rule.action);
    }
    for (let at = this.path.length - 1; at > 0; at -= 1) {
      const key = this.path[at] ?? "";
      const kind = kindOfName(key);
      if (kind === "other") continue;
      const written = String(value);
      if (kind === "secret" && isSecretUnder(key, value)) {
        return this.replaced("secret", null, written, this.actionFor("secret"));
      }
      if (kind === "phone" && at === this.path.length - 1 && isPhoneNumber(written)) {
        const action = this.actionFor("phone");
        return action === "keep" ? value : this.replaced("phone", null, phoneOf(written), action);
      }
    }
    return otherwise();
  }

  private number(value: number): Json {
    if (!Number.isSafeInteger(value) || value < LEAST_NUMBER) return value;
    const written = String(value);
    const redacted = this.text(written);
    return redacted === written ? value : redacted;
  }

  private text(text: string): string {
    let current = text;
    // What is replaced can lay bare what was joined to it, so that each result is looked at again.
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const next = this.once(current);
      if (next === current) return current;
      current = next;
    }
    this.note("value", null);
    return maskOf("value");
  }

  private once(text: string): string {
    const spans = detect(text);
    const isJson = spans.length > 0 || this.rules.length > 0 || namesContainer(text);
    // What a JSON text spells is redacted by its own keys first, and then what is still found in its letters.
    const whole = isJson ? this.inside(text) : text;
    return this.cut(whole, whole === text ? spans : detect(whole));
  }

  private cut(text: string, spans: readonly Span[]): string {
    if (spans.length === 0) return text;
    let result = "";
    let from = 0;
    for (const { start, end, detector, service, plain } of spans) {
      const action = this.actionFor(detector);
      if (action === "keep") continue;
      result += text.slice(from, start) + this.replaced(detector, service, plain, action);
      from = end;
    }
    return result + text.slice(from);
  }

  /** A JSON text is written again only where redacting what it spells changed it. */
  private inside(text: string): string {
    const value = jsonInText(text);
    if (value === null || this.path.length > DEEPEST) return text;
    const redacted = this.any(value);
    return redacted === value ? text : JSON.stringify(redacted);
  }

  private replaced(detector: Detector, service: string | null, plain: string, action: RedactionAction): string {
    if (action === "keep") return plain;
    this.note(detector, service);
    if (action === "drop") return "";
    return action === "mask" ? maskOf(detector) : hashOf(detector, this.hash(`${detector}:${plain}`));
  }

  private actionFor(detector: Detector): RedactionAction {
    const applicable = this.rules.filter((rule) => rule.detector === detector || rule.detector === "*");
    const place = applicable.length === 0 ? "" : this.place();
    return applicable.find(({ where }) => fits(where, place))?.action ?? DEFAULT_ACTIONS[detector];
  }

  private place(): string {
    return this.path.join(".");
  }

  private note(detector: Detector | "too_deep", service: string | null): void {
    const place = this.place();
    const key = `${detector}\n${service ?? ""}\n${place}`;
    const before = this.counts.get(key);
    this.counts.set(key, {
      detector,
      service,
      place,
      count: (before?.count ?? 0) + 1,
    });
  }
}

const KEY_OF_CONTAINER = /"([^"\\]{3,48})"\s{0,4}:\s{0,4}[[{]/g;

/** Whether a JSON text has a list or an object under a secret's name, which its letters alone do not show. */
function namesContainer(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first > 0x20 && first !== 0x5b && first !== 0x7b) return false;
  for (const [, key = ""] of text.matchAll(KEY_OF_CONTAINER)) if (kindOfName(key) === "secret") return true;
  return false;
}

const fits = (where: string, place: string) => globMatches(where.toLowerCase(), place.toLowerCase());

const isPhoneNumber = (text: string) =>
  text.replace(/\D/g, "").length >= LEAST_PHONE_DIGITS && /^[\d +()./-]{1,40}$/.test(text);

function isSecretUnder(key: string, value: string | number): boolean {
  if (typeof value === "string") return canBeSecret(key, value);
  return Math.abs(value) >= LEAST_SECRET_NUMBER && canBeSecret(key, String(value));
}

/** Two keys that were redacted to the same keep both of their values; the number stands in front, where no value is read. */
function distinct(entries: readonly [string, Json][]): readonly [string, Json][] {
  const seen = new Map<string, number>();
  return entries.map(([key, value]) => {
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return [before === 0 ? key : `#${before + 1} ${key}`, value];
  });
}
