/** Which kind of failure an incident is; exactly one each. */
export const FAILURE_CLASSES = [
  "context_blindness",
  "rogue_action",
  "silent_degradation",
  "memory_corruption",
  "runaway_execution",
  "model_capability",
] as const;

type ClassWords = {
  readonly name: string;
  /** What happened, in one clause. */
  readonly what: string;
  /** What the infrastructure around the agent lacked. */
  readonly gap: string;
  /** What prevents the next one. */
  readonly control: string;
};

/** Each class with the gap in the infrastructure that lets it happen and the control that prevents it. */
export const FAILURE_WORDS: Readonly<Record<(typeof FAILURE_CLASSES)[number], ClassWords>> = {
  context_blindness: {
    name: "Context blindness",
    what: "It acted on context that was stale, missing or somebody else's.",
    gap: "Nothing checked how old the context was and whose before the agent acted on it.",
    control: "Sources with a time to live and scope keys in the manifest; a call on stale context is denied.",
  },
  rogue_action: {
    name: "Rogue action",
    what: "It did something nobody meant it to do.",
    gap: "The tool could be called without a rule that covers this action, or without a person before it.",
    control: "Allowed tools with constraints and scopes, ids instead of predicates, approval of what cannot be undone.",
  },
  silent_degradation: {
    name: "Silent degradation",
    what: "Its answers became worse and nothing said so.",
    gap: "No baseline was kept to hold today's behaviour against, and bad results counted as success.",
    control: "Result schemas, golden sets and drift alerts; demotion by criteria that were fixed beforehand.",
  },
  memory_corruption: {
    name: "Memory corruption",
    what: "What it remembered was wrong, poisoned or from another session.",
    gap: "What one run wrote could be read by the next without anybody having looked at it.",
    control: "Memory rules in the manifest: nothing kept by default, approval for what is kept, and an end to it.",
  },
  runaway_execution: {
    name: "Runaway execution",
    what: "It went on past what a run may use, or went round in a circle.",
    gap: "Nothing outside the agent counted its steps, time, money and repetitions.",
    control: "Bounds in the manifest, loop detection and the circuit breaker; a halted run waits for two people.",
  },
  model_capability: {
    name: "Model capability",
    what: "The model could not do what was asked of it, with everything around it as it should be.",
    gap: "None in the infrastructure: the task is beyond the model.",
    control: "A lower level of autonomy or a narrower task, and an evaluation before the next promotion.",
  },
};
