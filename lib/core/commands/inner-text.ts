/** A text inside another one, and the language that this says it is in. */
export type InnerText = { readonly text: string; readonly language: "shell" | "sql" | null };

const FENCE = /^\s*(?:```|~~~)[ \t]*(\w*)[^\n]*\n([^]*?)\n?[ \t]*(?:```|~~~)\s*$/;
const SHELL = /^(?:bash|sh|zsh|shell|console|terminal)$/i;
const MAX_ENCODED = 100_000;

/** The texts that one text is another spelling of: a block of code, a text of JSON, and base64 where it is said to be. */
export function textsInside(text: string, isEncoded = false): readonly InnerText[] {
  const [, said = "", block] = text.includes("```") || text.includes("~~~") ? (FENCE.exec(text) ?? []) : [];
  if (block !== undefined) {
    const language = SHELL.test(said) ? "shell" : /^\w*sql$/i.test(said) ? "sql" : null;
    return [{ text: block, language }];
  }
  if (/^\s*"/.test(text)) return quoted(text);
  return isEncoded ? decoded(text) : [];
}

function quoted(text: string): readonly InnerText[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? [{ text: value, language: null }] : [];
  } catch {
    return [];
  }
}

/** Both readings, where both are texts: nobody knows which one the tool takes. */
function decoded(text: string): readonly InnerText[] {
  const bare = text.replaceAll(/\s/g, "");
  if (bare.length === 0 || bare.length > MAX_ENCODED) return [];
  const readings = [base64(bare), hexadecimal(bare)];
  return readings.flatMap((one) => (one === null ? [] : [{ text: one, language: null }]));
}

function base64(text: string): string | null {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (!/^[A-Za-z\d+/]+$/.test(plain) || plain.length % 4 === 1) return null;
  return textOf(Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));
}

function hexadecimal(text: string): string | null {
  if (!/^(?:[\da-f]{2})+$/i.test(text)) return null;
  return textOf(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

/** What PowerShell is given in base64 has two bytes a character. */
function textOf(bytes: Uint8Array): string | null {
  const isWide = bytes.length > 3 && bytes.length % 2 === 0 && bytes.every((byte, at) => at % 2 === 0 || byte === 0);
  try {
    return new TextDecoder(isWide ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
