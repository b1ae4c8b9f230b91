type Level = 1 | 2 | 3 | 4;

/** What a level lets an agent do, for people who choose one. */
export const LEVEL_MEANINGS: Record<Level, string> = {
  1: "Reads run. Everything else becomes a recommendation that a person carries out or not.",
  2: "Reads run. Every change waits for a person.",
  3: "Reads and small reversible changes run. Larger, partly reversible and irreversible ones wait for a person.",
  4: "Everything reversible runs within the manifest’s bounds. Irreversible actions still wait for a person, at any level.",
};

/** The levels in the words of the screens. */
export const LEVEL_NAMES: Record<Level, string> = {
  1: "Observe and recommend",
  2: "Act with approval",
  3: "Routine autonomy",
  4: "Full autonomy within bounds",
};
