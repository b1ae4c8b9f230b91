/** Where a text that is tried can stand in an event. */
export const TRIAL_PLACES = ["tool.args", "content", "error.message", "feedback"] as const;

/** Each place in the words of the rules page. */
export const TRIAL_PLACE_WORDS: Readonly<Record<(typeof TRIAL_PLACES)[number], string>> = {
  "tool.args": "Arguments of a tool",
  content: "Prompts, replies and other content",
  "error.message": "An error’s message",
  feedback: "An end user’s feedback",
};
