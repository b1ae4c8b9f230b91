import { HEX, kindAt } from "./characters";

const LEAST_BASE64 = 16;
const LEAST_HEX = 24;
/** Longer texts are read in part: the rest is replaced with it when something is found. */
const MOST_DECODED = 1_000_000;

/** The text that a run of characters spells in hex or Base 64; null where that is no text. */
export function decodedRun(run: string): string | null {
  return (isHexRun(run) ? textOf(bytesOfHex(run)) : null) ?? textOfBase64(run);
}

function isHexRun(run: string): boolean {
  if (run.length < LEAST_HEX || run.length % 2 !== 0) return false;
  for (let at = 0; at < run.length; at += 1) if ((kindAt(run, at) & HEX) === 0) return false;
  return true;
}

function* bytesOfHex(run: string): Generator<number> {
  const end = Math.min(run.length, MOST_DECODED);
  for (let at = 0; at < end; at += 2) yield Number.parseInt(run.slice(at, at + 2), 16);
}

const SIXTY_FOUR = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value += 1) VALUES[SIXTY_FOUR.charCodeAt(value)] = value;
VALUES["-".charCodeAt(0)] = 62;
VALUES["_".charCodeAt(0)] = 63;

function textOfBase64(run: string): string | null {
  let end = run.length;
  while (end > 0 && run[end - 1] === "=") end -= 1;
  if (end < LEAST_BASE64 || end % 4 === 1 || run.length - end > 2) return null;
  return textOf(bytesOfBase64(run, Math.min(end, MOST_DECODED)));
}

function* bytesOfBase64(run: string, end: number): Generator<number> {
  let bits = 0;
  let held = 0;
  for (let at = 0; at < end; at += 1) {
    const code = run.charCodeAt(at);
    const value = code < 128 ? (VALUES[code] ?? -1) : -1;
    if (value < 0) {
      yield -1;
      return;
    }
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      yield (held >> bits) & 0xff;
    }
  }
}

/** The bytes as UTF-8; null at the first that no written text has, so that what is no text costs next to nothing. */
function textOf(bytes: Generator<number>): string | null {
  let text = "";
  let missing = 0;
  let code = 0;
  for (const byte of bytes) {
    if (missing > 0) {
      if (byte < 0x80 || byte > 0xbf) return null;
      code = (code << 6) | (byte & 0x3f);
      missing -= 1;
      if (missing === 0) text += code <= 0x10ffff ? String.fromCodePoint(code) : "";
    } else if (byte < 0x80) {
      if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return null;
      if (byte === 0x7f) return null;
      text += String.fromCharCode(byte);
    } else {
      missing = byte < 0xc2 ? -1 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : -1;
      if (missing < 0) return null;
      code = byte & (0x3f >> missing);
    }
  }
  return text;
}
