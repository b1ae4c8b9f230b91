import { isWordAt } from "./characters";
import type { Found } from "./span";

/**
 * A key that says whose it is: what it begins with, and what follows. A rest ends in an open repetition or has a fixed
 * length, so that looking at a place takes one pass however the text goes on.
 */
type KeyForm = {
  readonly service: string;
  readonly prefix: string;
  readonly rest: RegExp;
};

const form = (service: string, prefixes: string, rest: string): KeyForm[] =>
  prefixes.split(" ").map((prefix) => ({ service, prefix, rest: new RegExp(rest, "y") }));

const FORMS: readonly KeyForm[] = [
  ...form("Interlock", "ilk_ ilp_ ili_", "[A-Za-z0-9_-]{16,}"),
  ...form("Anthropic", "sk-ant-", "[A-Za-z0-9_-]{16,}"),
  ...form("OpenRouter", "sk-or-", "[A-Za-z0-9_-]{16,}"),
  ...form("Langfuse", "sk-lf- pk-lf-", "[A-Za-z0-9-]{16,}"),
  ...form("OpenAI", "sk- sess-", "[A-Za-z0-9_-]{20,}"),
  ...form("Google", "AIza", "[A-Za-z0-9_-]{35,}"),
  ...form("Google", "GOCSPX-", "[A-Za-z0-9_-]{20,}"),
  ...form("Google", "ya29.", "[A-Za-z0-9_-]{20,}"),
  ...form("AWS", "AKIA ASIA ABIA ACCA AROA AIDA", "[A-Z2-7]{16}(?![A-Za-z0-9])"),
  ...form("AWS", "ABSK", "[A-Za-z0-9+/=]{60,}"),
  ...form("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9]{30,}"),
  ...form("GitHub", "github_pat_", "[A-Za-z0-9_]{20,}"),
  ...form(
    "GitLab",
    "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct-",
    "[A-Za-z0-9_.-]{20,}",
  ),
  ...form("Slack", "xoxb- xoxp- xoxa- xoxo- xoxs- xoxr- xoxe- xoxe.xoxb- xoxe.xoxp- xapp- xwfp-", "[A-Za-z0-9-]{10,}"),
  ...form("Slack", "hooks.slack.com/services/ hooks.slack.com/workflows/", "[A-Za-z0-9_/]{20,}"),
  ...form("Discord", "discord.com/api/webhooks/ discordapp.com/api/webhooks/", "\\d{10,24}/[A-Za-z0-9_-]{20,}"),
  ...form("Stripe", "sk_live_ sk_test_ rk_live_ rk_test_", "[A-Za-z0-9]{10,}"),
  ...form("Stripe", "whsec_", "[A-Za-z0-9+/=_-]{20,}"),
  ...form("Twilio", "SK AC", "[0-9a-f]{32}(?![A-Za-z0-9])"),
  ...form("SendGrid", "SG.", "[A-Za-z0-9_-]{16,30}\\.[A-Za-z0-9_-]{16,}"),
  ...form("npm", "npm_", "[A-Za-z0-9]{30,}"),
  ...form("PyPI", "pypi-", "[A-Za-z0-9_-]{40,}"),
  ...form("Hugging Face", "hf_ api_org_", "[A-Za-z0-9]{30,}"),
  ...form("Groq", "gsk_", "[A-Za-z0-9]{30,}"),
  ...form("xAI", "xai-", "[A-Za-z0-9]{40,}"),
  ...form("Perplexity", "pplx-", "[A-Za-z0-9]{32,}"),
  ...form("Replicate", "r8_", "[A-Za-z0-9]{30,}"),
  ...form("Fireworks", "fw_", "[A-Za-z0-9]{20,}"),
  ...form("LangSmith", "lsv2_pt_ lsv2_sk_", "[A-Za-z0-9_]{20,}"),
  ...form("Pinecone", "pcsk_", "[A-Za-z0-9_]{30,}"),
  ...form("Databricks", "dapi", "[0-9a-f]{32}(?:-\\d)?(?![A-Za-z0-9])"),
  ...form("DigitalOcean", "dop_v1_ doo_v1_ dor_v1_", "[0-9a-f]{40,}"),
  ...form("Shopify", "shpat_ shpca_ shppa_ shpss_", "[0-9a-fA-F]{32}"),
  ...form("Atlassian", "ATATT3 ATCTT3 ATBB", "[A-Za-z0-9_=-]{20,}"),
  ...form("Linear", "lin_api_ lin_oauth_", "[A-Za-z0-9]{30,}"),
  ...form("Notion", "ntn_ secret_", "[A-Za-z0-9]{40,}"),
  ...form("Vault", "hvs. hvb. hvr.", "[A-Za-z0-9_-]{20,}"),
  ...form("Doppler", "dp.pt. dp.st. dp.sa. dp.ct.", "[A-Za-z0-9_.-]{30,}"),
  ...form("Supabase", "sbp_ sb_secret_", "[A-Za-z0-9_-]{20,}"),
  ...form("Grafana", "glsa_ glc_", "[A-Za-z0-9_+/=]{30,}"),
  ...form("New Relic", "NRAK- NRII- NRJS-", "[A-Za-z0-9_-]{16,}"),
  ...form("Sentry", "sntrys_ sntryu_", "[A-Za-z0-9_+/=]{30,}"),
  ...form("Postman", "PMAK-", "[A-Za-z0-9-]{30,}"),
  ...form("Figma", "figd_ figo_", "[A-Za-z0-9_-]{20,}"),
  ...form("Mailgun", "key-", "[0-9a-f]{32}(?![A-Za-z0-9])"),
  ...form("Square", "sq0atp- sq0csp- sq0idp-", "[A-Za-z0-9_-]{20,}"),
  ...form("Fly", "FlyV1 fm1_ fm2_", "[A-Za-z0-9_+/=,-]{40,}"),
  ...form("Docker", "dckr_pat_ dckr_oat_", "[A-Za-z0-9_-]{20,}"),
  ...form("Airtable", "pat", "[A-Za-z0-9]{14}\\.[0-9a-f]{64}"),
  ...form("age", "AGE-SECRET-KEY-1", "[A-Z0-9]{50,}"),
];

const BY_FIRST = new Map<number, readonly KeyForm[]>();
for (const one of FORMS) {
  const first = one.prefix.charCodeAt(0);
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), one]);
}

/** Keys of known services in a run of a text. A key begins where a word does. */
export function findServiceKeys(text: string, from: number, to: number, found: Found): void {
  let at = from;
  while (at < to) {
    const forms = BY_FIRST.get(text.charCodeAt(at));
    const end = forms === undefined || isWordAt(text, at - 1) ? at : keyEnd(text, at, forms, found);
    at = end > at ? end : at + 1;
  }
}

function keyEnd(text: string, at: number, forms: readonly KeyForm[], found: Found): number {
  for (const { service, prefix, rest } of forms) {
    if (!text.startsWith(prefix, at)) continue;
    rest.lastIndex = at + prefix.length;
    const match = rest.exec(text);
    if (match === null) continue;
    const end = at + prefix.length + match[0].length;
    // Slugs have the shape of some keys, and a key has a digit or a capital: where none is, no key is further on either.
    if (/[0-9A-Z]/.test(match[0]))
      found({
        start: at,
        end,
        detector: "api_key",
        service,
        plain: text.slice(at, end),
      });
    return end;
  }
  return at;
}

const AZURE_CLIENT_SECRET = /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/;
const AZURE_KEY_MARK = "JQQJ99";
const AZURE_KEY = /^[A-Za-z0-9]{70,90}$/;
const STORAGE_KEY = /^[A-Za-z0-9+/]{86}==$/;
const AWS_SECRET = /^[A-Za-z0-9+/]{40}$/;
const TELEGRAM = /^AA[A-Za-z0-9_-]{32,34}$/;
const DISCORD = /^[MNO][A-Za-z0-9]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{25,40}$/;

/** Keys without a prefix, told by their shape alone: a whole run, or one part of it. */
export function findShapedKeys(text: string, from: number, to: number, found: Found): void {
  const length = to - from;
  if (length < 35 || length > 200) return;
  const run = text.slice(from, to);
  const whole = (service: string) => found({ start: from, end: to, detector: "api_key", service, plain: run });
  if (run.includes("Q~")) {
    const match = AZURE_CLIENT_SECRET.exec(run);
    if (match) {
      const start = from + match.index;
      found({
        start,
        end: start + match[0].length,
        detector: "api_key",
        service: "Azure",
        plain: match[0],
      });
    }
  }
  if (run.includes(AZURE_KEY_MARK) && AZURE_KEY.test(run)) whole("Azure");
  // `sha512-…` of a lock file has this shape too, and begins with its name.
  else if (STORAGE_KEY.test(run)) whole("Azure");
  else if (AWS_SECRET.test(run) && isRandom(run)) whole("AWS");
  else if (text[from - 1] === ":" && TELEGRAM.test(run)) whole("Telegram");
  else if (DISCORD.test(run) && isRandom(run)) whole("Discord");
}

const LEAST_CHANGES = 14;

/** Whether capitals, small letters and digits alternate as they do in random text and do in no path, name or hex digest. */
function isRandom(run: string): boolean {
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/\d/.test(run)) return false;
  let changes = 0;
  let last = "";
  for (const character of run) {
    const kind = character >= "a" && character <= "z" ? "a" : character >= "A" && character <= "Z" ? "A" : "0";
    if (kind !== last) changes += 1;
    last = kind;
  }
  return changes > LEAST_CHANGES;
}
