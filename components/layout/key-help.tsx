"use client";

import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { Link } from "@/components/ui/link";
import { paths } from "@/lib/core/shared/paths";
import { type Bindings, COMMAND_IDS, COMMANDS, type CommandId, keyText } from "@/lib/core/workspaces/shortcuts";

import { readBindings } from "./commands";
import { showHelp, useHelpShown } from "./help";
import { useChosenKeys, usePreference } from "./use-preference";

const EVIDENCE = COMMAND_IDS.filter((id) => id.startsWith("evidence-"));
const shownIn = (where: "action" | "everywhere") =>
  COMMAND_IDS.filter((id) => COMMANDS[id].where === where && !EVIDENCE.includes(id));

/** What the keys do, as this browser has them, and the switch that turns them off. */
export function KeyHelp() {
  const open = useHelpShown();
  const [shortcuts, choose] = usePreference("shortcuts", "on");
  const [text] = useChosenKeys();
  const bindings = readBindings(text);
  const close = () => showHelp(false);
  return (
    <Dialog open={open} onClose={close} title="Keys" footer={<Button onClick={close}>Close</Button>}>
      <KeyList title="On an action" ids={shownIn("action")} bindings={bindings}>
        <KeyRow keys={EVIDENCE.flatMap((id) => bindings[id] ?? [])} words="Evidence, in its order" />
        <KeyRow keys={["Esc"]} words="Close what is open" />
      </KeyList>
      <KeyList title="Everywhere" ids={shownIn("everywhere")} bindings={bindings}>
        <KeyRow keys={["Ctrl+K", "⌘+K"]} words="Find a page, an action, an agent or a command" />
      </KeyList>
      <label className="inline-flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
        <input
          type="checkbox"
          className="size-4"
          checked={shortcuts === "on"}
          onChange={(event) => choose(event.target.checked ? "on" : "off")}
        />
        Single keys act on this page
      </label>
      <p className="text-xs text-muted">
        Keys typed into a field never act, nor does a key that is held down. For a moment after another action has come
        up, no key answers it. Everything can be reached without keys.{" "}
        <Link href={`${paths.settings()}#keyboard`} className="link" onClick={close}>
          Change the keys
        </Link>
      </p>
    </Dialog>
  );
}

function KeyList({
  title,
  ids,
  bindings,
  children,
}: {
  title: string;
  ids: readonly CommandId[];
  bindings: Bindings;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="grid gap-1.5">
      <h3 className="text-sm">{title}</h3>
      <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
        {ids.map((id) => (
          <KeyRow key={id} keys={bindings[id] === undefined ? [] : [bindings[id]]} words={COMMANDS[id].words} />
        ))}
        {children}
      </dl>
    </section>
  );
}

function KeyRow({ keys, words }: { keys: readonly string[]; words: string }) {
  if (keys.length === 0) return null;
  return (
    <div className="col-span-2 grid grid-cols-subgrid">
      <dt className="flex flex-wrap gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{keyText(key)}</Kbd>
        ))}
      </dt>
      <dd>{words}</dd>
    </div>
  );
}
