import { findServiceKeys, findShapedKeys } from "@/lib/core/redaction/services";
import { raggedText } from "@/lib/core/shared/csv-guard";
import { commaHint, decimalOf, exactAt } from "@/lib/core/shared/decimal";
import { picoOfText } from "@/lib/core/shared/money";

import type { ColumnPlan } from "./columns";
import type { InvoiceEntry } from "./schema";

const LONGEST_NAME = 200;
const MOST_TOKENS = 10n ** 15n;

/**
 * Reads one line of a file.
 *
 * @returns the entry; null for a line that invoices nothing, as exports have for days without calls; a sentence where it
 * cannot be read
 */
export function readLine(plan: ColumnPlan, cells: readonly string[]): InvoiceEntry | null | string {
  if (cells.length !== plan.columns.length) {
    return raggedText(cells.length, plan.columns.length);
  }
  const textAt = (place: number | null): string => (place === null ? "" : (cells[place] ?? "").trim());
  const [model, key] = [textAt(plan.model), textAt(plan.key)];
  const amounts = plan.units.map(textAt);
  if (amounts.every((text) => text === "")) {
    if (model === "" && key === "") return null;
    return `${plan.measure === "usd" ? "the amount is" : "the tokens are"} empty.`;
  }
  const day = dayOf(textAt(plan.day));
  if (day === null) return `${shown(textAt(plan.day))} is no day. Write it as 2026-11-03, or as an ISO 8601 time.`;
  const currency = textAt(plan.currency).toLowerCase();
  if (currency !== "" && currency !== "usd")
    return `the currency is ${shown(currency)}. Only US dollars can be compared.`;
  const named = [plan.isLineItem ? model.replace(/, [^,]*$/, "") : model, key];
  const tooLong = named.find((name) => name.length > LONGEST_NAME || name.includes("\0"));
  if (tooLong !== undefined) return `${shown(tooLong)} is longer than ${LONGEST_NAME} characters or holds U+0000.`;
  let units = 0n;
  for (const text of amounts) {
    const read = plan.measure === "usd" ? amountOf(text) : tokensOf(text);
    if (typeof read === "string") return read;
    units += read;
  }
  return { day, model: masked(named[0] ?? ""), key: masked(key), units };
}

/** Untrusted text, short and without line breaks. */
const shown = (text: string): string => `“${text.replace(/\s+/g, " ").slice(0, 40)}”`;

function amountOf(text: string): bigint | string {
  const plain = text.replace(/^\$/, "");
  if (plain.startsWith("-") && decimalOf(plain) !== null && decimalOf(plain)?.digits !== 0n) {
    return `the amount ${shown(text)} is negative. Leave credits out: they pay for calls and are none.`;
  }
  const picos = picoOfText(plain.replace(/^-/, ""));
  const hint = commaHint(plain) || " Write dollars with a point, such as 1234.56.";
  return picos ?? `the amount ${shown(text)} cannot be read.${hint}`;
}

/** `12.000` may be twelve as well as twelve thousand. */
const POINTED_THOUSANDS = /^\d{1,3}(\.\d{3})+$/;

function tokensOf(text: string): bigint | string {
  if (POINTED_THOUSANDS.test(text)) return `${shown(text)} is no number of tokens. Write it without a point.`;
  const written = text === "" ? decimalOf("0") : decimalOf(text);
  const tokens = written && exactAt(written, 0);
  if (tokens === null || tokens < 0n || tokens >= MOST_TOKENS) return `${shown(text)} is no number of tokens.`;
  return tokens;
}

const DATE = /^\d{4}-\d{2}-\d{2}/;
const DATE_ALONE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}| ?UTC)?$/;
const SECONDS = /^\d{9,10}$/;
const DAY_LENGTH = "2026-11-03".length;
const [FIRST_YEAR, LAST_YEAR] = [2020, 2100];

/** The UTC day of a date or time; a time without an offset is in UTC, as providers export it. */
function dayOf(text: string): string | null {
  const at = momentOf(text);
  if (at === null || Number.isNaN(at.getTime())) return null;
  // 31 February is no day, though it can be counted on to March.
  const written = DATE.exec(text)?.[0];
  if (written !== undefined && new Date(written).toISOString().slice(0, DAY_LENGTH) !== written) return null;
  const year = at.getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  return at.toISOString().slice(0, DAY_LENGTH);
}

function momentOf(text: string): Date | null {
  if (DATE_ALONE.test(text)) return new Date(`${text}T00:00:00Z`);
  if (SECONDS.test(text)) return new Date(Number(text) * 1_000);
  const zone = TIME.exec(text);
  if (zone === null) return null;
  const local = text.slice(0, text.length - (zone[1]?.length ?? 0)).replace(" ", "T");
  const offset = zone[1] === undefined || /UTC/.test(zone[1]) ? "Z" : zone[1];
  return new Date(`${local}${offset}`);
}

/** A file may name whole keys. Nobody needs one here, so its end is all that is kept. */
function masked(name: string): string {
  let isSecret = false;
  const found = () => {
    isSecret = true;
  };
  findServiceKeys(name, 0, name.length, found);
  findShapedKeys(name, 0, name.length, found);
  return isSecret ? `…${name.slice(-4)}` : name;
}
