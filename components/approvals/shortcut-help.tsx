"use client";

import { useState } from "react";

import { usePreference, useShortcutsEnabled } from "@/components/layout/use-preference";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";

import { useKeys } from "./use-keys";

const KEYS = [
  ["D, then 1–6", "Deny with a reason; without one it is sent after 5 seconds"],
  ["R", "Return with a note"],
  ["A, then Enter", "Approve once, when nothing is missing"],
  ["Z", "Not now: to the end of the batch, the deadline stays"],
  ["E", "Hand off to somebody who may decide it, or back to the pool"],
  ["X, Shift D", "Select; deny what is selected with one reason"],
  ["B", "Take the next batch, where none is held"],
  ["J / K", "Next, previous action of the batch"],
  ["N / P", "Next, previous part of the effect"],
  ["V", "Mark the part viewed and go on"],
  ["1–5", "Evidence: risk, chain, agent, similar, claim"],
  ["O", "Open the run"],
  ["Esc", "Close what is open"],
  ["?", "This help"],
] as const;

/** What the keys do, and the switch that turns them off. */
export function ShortcutHelp() {
  const [open, setOpen] = useState(false);
  const enabled = useShortcutsEnabled();
  const [shortcuts, choose] = usePreference("shortcuts", "on");
  useKeys({ "?": () => setOpen(true) }, enabled);
  return (
    <>
      <Button variant="quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Kbd>?</Kbd> Keys
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Keys of the desk"
        footer={<Button onClick={() => setOpen(false)}>Close</Button>}
      >
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          {KEYS.map(([key, does]) => (
            <div key={key} className="col-span-2 grid grid-cols-subgrid">
              <dt>
                <Kbd>{key}</Kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <label className="inline-flex min-h-8 items-center gap-2">
          <input
            type="checkbox"
            className="size-4"
            checked={shortcuts === "on"}
            onChange={(event) => choose(event.target.checked ? "on" : "off")}
          />
          Single keys act on this page
        </label>
        <p className="text-xs text-muted">
          Keys typed into a field never act, nor does a key that is held down. Everything can be reached without them.
        </p>
      </Dialog>
    </>
  );
}
