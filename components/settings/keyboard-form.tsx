"use client";

import { type KeyboardEvent, useState } from "react";

import { readBindings } from "@/components/layout/commands";
import { useChosenKeys } from "@/components/layout/use-preference";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Section } from "@/components/ui/section";
import {
  bindingFault,
  COMMAND_IDS,
  COMMANDS,
  type CommandId,
  DEFAULT_BINDINGS,
  keyText,
  without,
} from "@/lib/core/workspaces/shortcuts";

/** Which key does what, in this browser: each can be changed or taken away. */
export function KeyboardForm() {
  const [text, choose] = useChosenKeys();
  const bindings = readBindings(text);
  const [asked, setAsked] = useState<CommandId | null>(null);
  const [said, setSaid] = useState("");
  const [refused, setRefused] = useState<{ readonly id: CommandId; readonly why: string } | null>(null);

  const take = (id: CommandId, key: string) => {
    const why = bindingFault(bindings, id, key);
    setRefused(why === null ? null : { id, why });
    if (why !== null) return;
    choose({ ...bindings, [id]: key });
    setAsked(null);
    setSaid(`${COMMANDS[id].words}: ${keyText(key)}`);
  };
  const takeAway = (id: CommandId) => {
    choose(without(bindings, id));
    setRefused(null);
    setSaid(`${COMMANDS[id].words}: no key`);
  };
  const reset = () => {
    choose(DEFAULT_BINDINGS);
    setRefused(null);
    setAsked(null);
    setSaid("All keys are as they were at first.");
  };

  return (
    <Section
      title="Keyboard"
      id="keyboard"
      aside={
        <Button size="sm" onClick={reset} disabledReason={text === "" ? "Nothing is changed." : undefined}>
          All as at first
        </Button>
      }
    >
      <p className="max-w-[72ch] text-xs text-muted">
        Kept in this browser. Approve and Deny are never given keys that lie side by side, nor each other&apos;s.
      </p>
      <ul className="max-w-4xl divide-y divide-hair border-y border-hair bg-surface">
        {COMMAND_IDS.map((id) => (
          <KeyRow
            key={id}
            id={id}
            bound={bindings[id]}
            asked={asked === id}
            refused={refused?.id === id ? refused.why : null}
            onAsk={(wanted) => setAsked(wanted ? id : null)}
            onTake={(key) => take(id, key)}
            onTakeAway={() => takeAway(id)}
          />
        ))}
      </ul>
      <p role="status" className="sr-only">
        {said}
      </p>
    </Section>
  );
}

type KeyRowProps = {
  id: CommandId;
  bound: string | undefined;
  asked: boolean;
  refused: string | null;
  onAsk: (wanted: boolean) => void;
  onTake: (key: string) => void;
  onTakeAway: () => void;
};

function KeyRow({ id, bound, asked, refused, onAsk, onTake, onTakeAway }: KeyRowProps) {
  const { words } = COMMANDS[id];
  return (
    <li className="grid items-center gap-x-4 gap-y-1 px-3 py-1.5 sm:grid-cols-[minmax(0,1fr)_7rem_13rem]">
      <span>{words}</span>
      <span>{bound === undefined ? <span className="text-muted">no key</span> : <Kbd>{keyText(bound)}</Kbd>}</span>
      <span className="flex flex-wrap gap-2">
        {asked ? (
          <KeyCatcher words={words} onKey={onTake} onStop={() => onAsk(false)} />
        ) : (
          <Button size="sm" aria-label={`Change the key: ${words}`} onClick={() => onAsk(true)}>
            Change
          </Button>
        )}
        {bound !== undefined && (
          <Button size="sm" variant="quiet" aria-label={`Take the key away: ${words}`} onClick={onTakeAway}>
            No key
          </Button>
        )}
      </span>
      {refused !== null && (
        <p role="alert" className="text-xs text-deny sm:col-span-3">
          {refused}
        </p>
      )}
    </li>
  );
}

/** Takes the next key that is pressed; `g` waits for a second one, as in G then D. */
function KeyCatcher({ words, onKey, onStop }: { words: string; onKey: (key: string) => void; onStop: () => void }) {
  const [first, setFirst] = useState("");
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Tab" || event.key === "Shift") return;
    event.preventDefault();
    if (event.key === "Escape") return onStop();
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const stroke = event.shiftKey && /^[A-Z]$/.test(event.key) ? `Shift+${event.key}` : event.key.toLowerCase();
    if (first === "" && stroke === "g") return setFirst(stroke);
    setFirst("");
    onKey(first === "" ? stroke : `${first} ${stroke}`);
  };
  return (
    <input
      autoFocus
      readOnly
      aria-label={`Press the new key: ${words}`}
      value={first === "" ? "Press a key" : `${keyText(first)}, then …`}
      onKeyDown={press}
      onBlur={onStop}
      className="h-6 w-28 rounded-sm border border-edge bg-sunk px-2 text-xs pointer-coarse:h-11"
    />
  );
}
