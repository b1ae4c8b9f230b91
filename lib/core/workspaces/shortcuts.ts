import { isTooNear } from "./key-places";

/** One thing a key does: its default key, its words, where it acts, whether it answers or changes an action. */
export type Command = {
  /** One character, `Shift+D`, or two characters one after the other: `g d`. */
  readonly key: string;
  readonly words: string;
  readonly where: "action" | "everywhere";
  /** Deaf for a moment after another action has come up, so that a double press cannot decide the next one. */
  readonly decides: boolean;
};

const acts = (key: string, words: string): Command => ({ key, words, where: "action", decides: false });
const decides = (key: string, words: string): Command => ({ key, words, where: "action", decides: true });
const everywhere = (key: string, words: string): Command => ({ key, words, where: "everywhere", decides: false });

/** Every key of the product, in the order of the help. The screens, the help, Settings and the palette read this one. */
export const COMMANDS = {
  deny: decides("d", "Deny; then 1–6 for a reason"),
  approve: decides("a", "Approve once, when nothing is missing"),
  return: decides("r", "Return with a note"),
  "not-now": decides("z", "Not now: go on, the deadline stays"),
  "hand-off": decides("e", "Hand off to somebody who may decide it, or back to the pool"),
  select: acts("x", "Select, for one denial of several"),
  "deny-selected": decides("Shift+D", "Deny what is selected, with one reason"),
  take: acts("b", "Take the next batch, where none is held"),
  next: acts("j", "Next action (also ↓)"),
  previous: acts("k", "Previous action (also ↑)"),
  "next-change": acts("n", "Next change; on a run, the next row with a fault"),
  "previous-change": acts("p", "Previous change"),
  viewed: acts("v", "Mark the part viewed and go on"),
  // Deaf like the answers, because a reason's number pressed twice must not take the next action's focus away.
  "evidence-1": decides("1", "Evidence 1"),
  "evidence-2": decides("2", "Evidence 2"),
  "evidence-3": decides("3", "Evidence 3"),
  "evidence-4": decides("4", "Evidence 4"),
  "evidence-5": decides("5", "Evidence 5"),
  trace: acts("o", "Open the run"),
  manifest: acts("m", "Propose a change to the rule"),
  "stop-agent": acts(".", "Stop this agent…"),
  desk: everywhere("g d", "Go to the desk"),
  manifests: everywhere("g m", "Go to agents and their manifests"),
  spend: everywhere("g s", "Go to spend"),
  signals: everywhere("g i", "Go to signals"),
  undo: acts("u", "Undo an approval of a Low action, while that is offered"),
  quality: everywhere("g q", "Go to how reviewing goes"),
  search: everywhere("/", "Search the history"),
  help: everywhere("?", "Keys"),
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_IDS = Object.keys(COMMANDS).filter(isCommandId);

/** Which key does what in one browser. A command that is absent has no key. */
export type Bindings = Readonly<Partial<Record<CommandId, string>>>;

/** Stands for a key that was taken away. */
const OFF = "off";
const ONE = /^(?:Shift\+[A-Z]|[a-z0-9]|[!-/:-@[-`{-~])$/;

export const DEFAULT_BINDINGS: Bindings = Object.freeze(
  Object.fromEntries(COMMAND_IDS.map((id) => [id, COMMANDS[id].key])),
);

export function isCommandId(text: string): text is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, text);
}

/** The cookie that holds what differs from the defaults, which is also the document's `data-keys`. */
export const KEYS_COOKIE = "interlock-keys";

/** Reads what a browser keeps. Whatever is no valid set of keys means the defaults. */
export function bindingsOf(text: string | undefined): Bindings {
  const given = new URLSearchParams(text ?? "");
  let bindings = DEFAULT_BINDINGS;
  // In two rounds: a key may be given to another command only after its own has let it go.
  for (const id of given.keys()) if (isCommandId(id)) bindings = without(bindings, id);
  for (const [id, key] of given) {
    if (!isCommandId(id) || key === OFF) continue;
    if (bindingFault(bindings, id, key) !== null) return DEFAULT_BINDINGS;
    bindings = { ...bindings, [id]: key };
  }
  return bindings;
}

/** The same keys, with none for this command. */
export function without(bindings: Bindings, id: CommandId): Bindings {
  const { [id]: _gone, ...rest } = bindings;
  return rest;
}

/** Writes what differs from the defaults. */
export function textOfBindings(bindings: Bindings): string {
  const changed = COMMAND_IDS.filter((id) => bindings[id] !== COMMANDS[id].key);
  return new URLSearchParams(changed.map((id) => [id, bindings[id] ?? OFF])).toString();
}

/** Why a command may not have this key; null when it may. */
export function bindingFault(bindings: Bindings, id: CommandId, key: string): string | null {
  const strokes = key.split(" ");
  if (strokes.length > 2 || !strokes.every((stroke) => ONE.test(stroke)))
    return "Press one letter, digit or sign, or two one after the other.";
  if (/^\d$/.test(key) && !id.startsWith("evidence-"))
    return "Digits are for evidence and for the reasons of a denial.";
  for (const other of COMMAND_IDS) {
    const taken = bindings[other];
    if (other === id || taken === undefined) continue;
    if (taken === key) return `${keyText(key)} is taken: ${COMMANDS[other].words}.`;
    if (taken.startsWith(`${key} `)) return `${keyText(key)} begins ${keyText(taken)}: ${COMMANDS[other].words}.`;
    if (key.startsWith(`${taken} `)) return `${keyText(taken)} acts at once: ${COMMANDS[other].words}.`;
  }
  return apartFault(bindings, id, key);
}

/** Yes and no never lie side by side, and never trade places: a hand that remembers must not say the other. */
function apartFault(bindings: Bindings, id: CommandId, key: string): string | null {
  if (id !== "approve" && id !== "deny") return null;
  const other = id === "approve" ? "deny" : "approve";
  if (key.split(" ").some((stroke) => letterOf(stroke) === letterOf(COMMANDS[other].key)))
    return `${keyText(COMMANDS[other].key)} is where ${other === "deny" ? "Deny" : "Approve"} used to be. A hand that remembers would say the wrong thing.`;
  const theirs = bindings[other];
  if (theirs === undefined) return null;
  const near = key.split(" ").some((one) => theirs.split(" ").some((two) => isTooNear(letterOf(one), letterOf(two))));
  return near ? `${keyText(key)} is too near to ${keyText(theirs)}: Approve and Deny must be apart.` : null;
}

const letterOf = (stroke: string) => stroke.replace("Shift+", "").toLowerCase();

/** A key as it is printed: D, Shift D, G then D. */
export function keyText(key: string): string {
  return key
    .split(" ")
    .map((stroke) => stroke.replace("Shift+", "Shift ").replace(/^[a-z]$/, (letter) => letter.toUpperCase()))
    .join(" then ");
}
