import { LEVEL_MEANINGS } from "@/lib/core/agents/level-words";
import type { Level } from "@/lib/core/agents/schema";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";

const LEVELS: readonly Level[] = [1, 2, 3, 4];

/** How much an agent may do alone, each level with its meaning. */
export function LevelChoice({ initial = 2 }: { initial?: Level }) {
  return (
    <fieldset className="grid content-start gap-1">
      <legend className="mb-1 font-medium">Level of autonomy</legend>
      <div className="divide-y divide-hair border-y border-hair bg-surface">
        {LEVELS.map((level) => (
          <label
            key={level}
            className="grid cursor-pointer grid-cols-[1.5rem_minmax(0,1fr)] gap-x-2 gap-y-0.5 px-3 py-2 has-checked:bg-sunk"
          >
            <input
              type="radio"
              name="level"
              value={level}
              defaultChecked={level === initial}
              className="mt-1 size-4 accent-current"
            />
            <span className="font-medium">
              {level} · {LEVEL_NAMES[level]}
            </span>
            <span className="col-start-2 text-xs text-muted">{LEVEL_MEANINGS[level]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
