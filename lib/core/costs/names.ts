/** OTel's and the SDKs' names of providers, as the base table calls them; the first that fits. */
const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/azure|^az\./, "azure"],
  [/bedrock|^aws(?:$|[._-])|^amazon(?:$|[._-])/, "aws"],
  [/vertex|gemini|^gcp(?:$|[._-])|^google(?:$|[._-])/, "google"],
  [/^x[._-]?ai(?:$|[._-])/, "x-ai"],
  [/^mistral/, "mistral"],
  [/^moonshot/, "moonshotai"],
  [/^together/, "together"],
  [/^fireworks/, "fireworks"],
  [/^voyage/, "voyageai"],
  [/^cohere/, "cohere"],
  [/^deepseek/, "deepseek"],
  [/^groq/, "groq"],
  [/^perplexity/, "perplexity"],
  [/^openrouter/, "openrouter"],
  [/^anthropic/, "anthropic"],
  [/^openai/, "openai"],
];

/** A provider as the base table calls it, where the name is a known spelling; else the name in small letters. */
export function providerId(name: string): string {
  const folded = name.trim().toLowerCase();
  return PROVIDERS.find(([pattern]) => pattern.test(folded))?.[1] ?? folded;
}

const CLOUD_PREFIX = /^(?:models\/|publishers\/[^/]+\/models\/|(?:us|eu|apac|ap|jp|au|global)\.)/;
/** `-2025-04-14`, `-20250514`, `@20250514`. */
const DATE = /[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])(?=$|[-:@])/;
/** `-v1:0` of Bedrock, `@default` of Vertex. */
const CLOUD_SUFFIX = /(?:-v\d+(?::\d+)?|@(?:default|latest|\d+))$/;

/** A model's name and the one before it, `openai` of `openai/gpt-4.1`. */
export type ModelName = { readonly model: string; readonly prefix: string | null };

/**
 * The names under which a model may be in a table, the most exact first: as it was sent, without what stands before a slash,
 * without a cloud's own prefix and suffix, without the date of a snapshot, with dashes for dots. A suffix that changes the
 * price (`:free`, `:thinking`) is never removed.
 */
export function modelNames(name: string): readonly ModelName[] {
  const sent = name.trim().toLowerCase();
  const names = new Map<string, ModelName>([[sent, { model: sent, prefix: null }]]);
  const slash = sent.indexOf("/");
  const prefix = slash > 0 ? sent.slice(0, slash) : null;
  const add = (model: string) => {
    if (model !== "" && !names.has(model)) names.set(model, { model, prefix });
  };
  if (slash > 0) add(sent.slice(slash + 1));
  if (sent.includes("/")) add(sent.slice(sent.lastIndexOf("/") + 1));
  const rewrites = [
    (model: string) => model.replace(CLOUD_PREFIX, ""),
    (model: string) => model.replace(CLOUD_SUFFIX, ""),
    (model: string) => model.replace(DATE, ""),
    (model: string) => model.replace(CLOUD_SUFFIX, ""),
    (model: string) => model.replaceAll(".", "-"),
  ];
  for (const rewrite of rewrites) {
    const known = [...names.values()];
    for (const { model } of known) add(rewrite(model));
  }
  return [...names.values()];
}
