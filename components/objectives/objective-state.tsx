import type { Stand } from "@/lib/core/objectives/stand";

const STATE_WORDS = { too_few: "Too few to judge", met: "Met", missed: "Missed" } as const;

/** Whether an objective is met, in a word; one that is missed stands out. */
export function ObjectiveState({ stand }: { stand: Stand }) {
  const look = { too_few: "text-muted", met: "", missed: "font-semibold text-deny" }[stand.state];
  return (
    <span className={`whitespace-nowrap ${look}`}>
      {stand.state === "missed" && <span aria-hidden="true">■ </span>}
      {STATE_WORDS[stand.state]}
    </span>
  );
}
