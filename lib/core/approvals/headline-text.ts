import type { Headline } from "./headline";

/** The headline in one line: `DELETE 214 rows · customer record · production`, `SEND customer email · production`. */
export function headlineText(headline: Headline, options: { readonly hideCount?: boolean } = {}): string {
  const resource = headline.count === null ? "" : headline.resource;
  return [actText(headline, options), resource, headline.environment].filter((part) => part !== "").join(" · ");
}

/** What is done, in few words: `DELETE 214 rows`; to what, where there is no count: `SEND customer email`. */
export function actText(headline: Headline, options: { readonly hideCount?: boolean } = {}): string {
  if (headline.count === null || headline.unit === null) return `${headline.verb} ${headline.resource}`.trim();
  if (options.hideCount) return `${headline.verb} ${headline.unit}`;
  const unit = headline.count === 1 ? headline.unit.slice(0, -1) : headline.unit;
  return `${headline.verb} ${headline.count.toLocaleString("en-US")} ${unit}`;
}
