const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 0x80;

/**
 * A host in the ASCII form that is looked up: each label with other characters becomes `xn--…`.
 *
 * Total, unlike `new URL`, which refuses some of the hosts a reviewer most needs to see. Maps compatibility forms and
 * case and drops ignorable characters first, as UTS 46 does; checks nothing.
 *
 * @param host at most 253 code units: encoding a label is quadratic
 * @source RFC 3492, RFC 5890 §2.3.2.1
 */
export function asciiHost(host: string): string {
  const mapped = host.normalize("NFKC").toLowerCase().normalize("NFKC");
  const labels = mapped.replace(/\p{Default_Ignorable_Code_Point}/gu, "").split(/[.。]/);
  return labels.map((label) => (isAscii(label) ? label : `xn--${punycode(label)}`)).join(".");
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** The encoding procedure of RFC 3492 §6.3, with its names. Quadratic: a label has at most 63 characters. */
export function punycode(label: string): string {
  const points = Array.from(label, (character) => character.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < INITIAL_N);
  let output = String.fromCodePoint(...basic);
  if (basic.length > 0) output += "-";

  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  let handled = basic.length;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta += 1;
      if (point !== n) continue;
      output += variableLength(delta, bias);
      bias = adapted(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    n += 1;
  }
  return output;
}

function variableLength(delta: number, bias: number): string {
  let digits = "";
  let q = delta;
  for (let k = BASE; ; k += BASE) {
    const t = Math.min(Math.max(k - bias, T_MIN), T_MAX);
    if (q < t) return digits + digit(q);
    digits += digit(t + ((q - t) % (BASE - t)));
    q = Math.floor((q - t) / (BASE - t));
  }
}

/** RFC 3492 §6.1. */
function adapted(delta: number, points: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
    rest = Math.floor(rest / (BASE - T_MIN));
    k += BASE;
  }
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

/** a to z are 0 to 25, 0 to 9 are 26 to 35. */
const digit = (value: number) => "abcdefghijklmnopqrstuvwxyz0123456789".charAt(value);
