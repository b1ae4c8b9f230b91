import type { Program, Word } from "./shell-reading";

/** Says what a program does with these arguments that cannot be taken back; null when nothing. */
type Danger = (args: readonly string[]) => string | null;

const always =
  (why: string): Danger =>
  () =>
    why;
/** When any argument is one of these words. */
const withWord =
  (why: string, ...words: readonly string[]): Danger =>
  (args) =>
    args.some((arg) => words.includes(arg.toLowerCase())) ? why : null;

const DELETES = "deletes files";
const DEVICES = "overwrites a disk";
const ENDS = "ends programs or the machine";
const REMOVES = "removes what others may use";
const PUBLISHES = "publishes what cannot be called back";

const named = (names: string, danger: Danger) => names.split(" ").map((name) => [name, danger] as const);

/** Programs that are known to destroy, by name. */
const PROGRAMS: ReadonlyMap<string, Danger> = new Map<string, Danger>([
  ...named("rm rmdir unlink shred srm del erase rd remove-item clear-content truncate wipe", always(DELETES)),
  ...named("mkfs mke2fs wipefs fdisk sfdisk gdisk sgdisk parted mkswap blkdiscard format diskpart", always(DEVICES)),
  ...named("lvremove vgremove pvremove", always(DEVICES)),
  ...named("shutdown reboot halt poweroff kill killall pkill taskkill stop-process stop-computer", always(ENDS)),
  ...named("userdel groupdel deluser delgroup dropdb dropuser", always(REMOVES)),
  ["dd", (args) => (args.some((arg) => arg.startsWith("of=")) ? DEVICES : null)],
  ["git", gitDanger],
  ...named("docker podman nerdctl docker-compose", containerDanger),
  ...named("kubectl oc", withWord(REMOVES, "delete", "drain", "--force", "--prune")),
  ["helm", withWord(REMOVES, "uninstall", "delete")],
  ...named(
    "terraform tofu terragrunt",
    withWord(REMOVES, "destroy", "-destroy", "-auto-approve", "--auto-approve", "rm"),
  ),
  ["pulumi", withWord(REMOVES, "destroy", "rm")],
  ...named("aws az gcloud doctl heroku gh fly flyctl ibmcloud linode-cli hcloud", cloudDanger),
  ...named("gsutil s3cmd mc rclone", withWord(DELETES, "rm", "rb", "del", "delete", "purge", "sync", "--delete")),
  ...named("hdfs hadoop", withWord(DELETES, "-rm", "-rmr", "-rmdir", "-expunge")),
  ...named("zfs zpool btrfs", withWord(DEVICES, "destroy", "rollback", "delete")),
  ["cryptsetup", withWord(DEVICES, "luksformat", "erase", "lukserase")],
  ["systemctl", withWord(ENDS, "poweroff", "reboot", "halt", "kexec", "stop", "kill", "disable", "mask")],
  ["crontab", withWord(DELETES, "-r")],
  ...named("iptables ip6tables", withWord("opens or closes the network", "-f", "--flush", "-x")),
  ["nft", withWord("opens or closes the network", "flush", "delete")],
  ...named("chmod chown chgrp", recursive("changes rights on everything below")),
  ["curl", (args) => (sends(args, /^DELETE$/i) ? REMOVES : null)],
  ["railway", withWord(REMOVES, "delete", "down", "remove")],
  ...named("prisma npx pnpx bunx", (args) =>
    /migrate reset|db push.*(?:accept-data-loss|force-reset)/.test(args.join(" ")) ? "empties a database" : null,
  ),
  ["alembic", withWord("takes a database back", "downgrade")],
  ...named("sam serverless sls eksctl wrangler vercel netlify", withWord(REMOVES, "delete", "remove", "rm")),
  ["restic", withWord(DELETES, "forget", "prune")],
  ["etcdctl", withWord("deletes keys", "del")],
  ...named("kafka-topics kafka-topics.sh", withWord(REMOVES, "--delete")),
  ["rsync", (args) => (args.some((arg) => /^--(?:del|remove-source)/.test(arg)) ? DELETES : null)],
  ["tar", withWord(DELETES, "--remove-files")],
  ["redis-cli", withWord("deletes keys", "flushall", "flushdb", "del", "unlink", "shutdown")],
  ...named("mongo mongosh", (args) =>
    args.some((arg) => /drop|remove|delete/i.test(arg)) ? "deletes documents" : null,
  ),
  ...named(
    "npm pnpm yarn cargo gem twine poetry uv nuget",
    withWord(PUBLISHES, "publish", "unpublish", "yank", "upload", "push", "deprecate"),
  ),
  ...named(
    "apt apt-get yum dnf apk pacman brew choco winget snap",
    withWord(REMOVES, "remove", "purge", "autoremove", "erase", "uninstall", "del", "-r", "-rns"),
  ),
]);

const SYSTEM_FILE =
  /^\/(?:dev\/(?!null$|stdout$|stderr$|tty$|fd\/)|etc\/|boot\/|usr\/|s?bin\/|lib|sys\/|proc\/)|(?:^|\/)\.(?:ssh|bash|zsh|profile)/;

/** Programs whose first word that is no option is another program. */
const LAUNCHERS: ReadonlySet<string> = new Set(
  "sudo doas env nohup nice ionice timeout setsid exec command builtin xargs busybox time stdbuf setpriv pkexec systemd-run eval parallel watch chroot".split(
    " ",
  ),
);
const MAX_LAUNCHED = 32;

/** Those that destroy by themselves and start no other program. */
const STARTS_NOTHING: ReadonlySet<string> = new Set(
  "rm rmdir unlink shred srm truncate dd kill killall pkill shutdown reboot halt poweroff chmod chown chgrp dropdb dropuser userdel groupdel".split(
    " ",
  ),
);

/** Whether a program is known to start no other one. */
export const startsNothing = (program: string) => STARTS_NOTHING.has(nameOf(program));

/** A name without its folder and ending, as it is looked up. */
export const nameOf = (program: string) =>
  (program.split(/[\\/]/).at(-1) ?? "").toLowerCase().replace(/\.(?:exe|cmd|bat|com|ps1)$/, "");

/**
 * What a program does that cannot be taken back; null when nothing is known. This only words an answer and grades it: what
 * is not here is no less held, unless it is known to be harmless or the manifest names it.
 */
export function destructionOf({ name, words, redirects }: Program): string | null {
  const file = redirects.find(({ kind, word }) => kind === "write" && SYSTEM_FILE.test(word.head));
  if (file !== undefined) return "overwrites a file of the system";
  return name?.isKnown === true ? destructionBy(name.text, words) : null;
}

/** Whether a program is in this list, or may start one that is. */
export const knowsProgram = (name: string) =>
  PROGRAMS.has(name) || LAUNCHERS.has(name) || name === "find" || name === "tee" || name.startsWith("mkfs.");

/** Programs whose names are words of everyday: alone they say nothing. */
const SPOKEN: ReadonlySet<string> = new Set(
  "kill erase wipe format shred unlink truncate halt shutdown reboot parted rd del find tee watch parallel eval exec time command builtin env timeout nice helm sam snap apt gem yarn poetry cargo brew choco fly railway mongo mc restic az vercel serverless git".split(
    " ",
  ),
);

/** Whether the name of a program is a word of everyday as well. */
export const isSpoken = (name: string) => SPOKEN.has(name);

function destructionBy(program: string, words: readonly Word[]): string | null {
  const name = nameOf(program);
  const texts = words.map(({ text }) => text);
  const danger = name.startsWith("mkfs.") ? always(DEVICES) : PROGRAMS.get(name);
  const known = danger?.(texts) ?? null;
  if (known !== null) return known;
  if (name === "tee")
    return words.some(({ head }) => SYSTEM_FILE.test(head)) ? "overwrites a file of the system" : null;
  if (name === "find")
    return texts.includes("-delete")
      ? DELETES
      : launched(
          words,
          texts.findIndex((text) => /^-(?:exec|ok)/.test(text)),
        );
  return LAUNCHERS.has(name) ? launched(words.slice(0, MAX_LAUNCHED), -1) : null;
}

/** Any word after `at` may be the program that is started. */
function launched(words: readonly Word[], at: number): string | null {
  for (let from = at + 1; from < words.length; from += 1) {
    const word = words[from];
    if (word === undefined || !word.isKnown || word.text.startsWith("-")) continue;
    const known = PROGRAMS.get(nameOf(word.text))?.(words.slice(from + 1).map(({ text }) => text)) ?? null;
    if (known !== null) return known;
  }
  return null;
}

/** Whether a request is made with this method, however its option is written. */
function sends(args: readonly string[], method: RegExp): boolean {
  return args.some((arg, at) => {
    const value = /^(?:-X|--request)$/.test(arg) ? args[at + 1] : /^(?:-[a-zA-Z]*X|--request=)(.+)$/.exec(arg)?.[1];
    return value !== undefined && method.test(value);
  });
}

function recursive(why: string): Danger {
  return (args) => (args.some((arg) => arg === "--recursive" || /^-[a-z]*R/i.test(arg)) ? why : null);
}

const hasShort = (args: readonly string[], letters: string) =>
  args.some((arg) => /^-[A-Za-z]+$/.test(arg) && [...letters].some((letter) => arg.includes(letter)));

/** Options of git itself that take a value of their own. */
const GIT_VALUES: ReadonlySet<string> = new Set([
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--config-env",
]);

function gitDanger(given: readonly string[]): string | null {
  let at = 0;
  while (at < given.length && given[at]?.startsWith("-")) {
    const option = given[at] ?? "";
    // Settings can name programs to run.
    if (option === "-c" && /alias|command|pager|editor|hook|helper|filter|!/i.test(given[at + 1] ?? ""))
      return "makes git run another program";
    at += GIT_VALUES.has(option) ? 2 : 1;
  }
  const [command = "", ...args] = given.slice(at);
  const has = (...words: readonly string[]) => args.some((arg) => words.includes(arg));
  switch (command) {
    case "push": {
      const forced =
        args.some((arg) => /^(?:--force|--mirror|--delete|--prune|[+:])/.test(arg)) || hasShort(args, "fd");
      return forced ? "rewrites or deletes what others have fetched" : null;
    }
    case "reset":
      return has("--hard") ? "throws away changes" : null;
    case "clean":
      return has("--force") || hasShort(args, "f") ? DELETES : null;
    case "checkout":
    case "switch":
      return has("--", ".", "--force", "--discard-changes") || hasShort(args, "f") ? "throws away changes" : null;
    case "restore":
      return "throws away changes";
    case "branch":
    case "tag":
      return has("--delete") || hasShort(args, "dD") ? "deletes a branch or tag" : null;
    case "stash":
    case "worktree":
    case "reflog":
    case "remote":
      return has("drop", "clear", "remove", "rm", "expire", "delete") ? "throws away what git keeps" : null;
    case "update-ref":
      return hasShort(args, "d") ? "deletes a branch or tag" : null;
    case "submodule":
    case "bisect":
    case "rebase":
      return has("foreach", "run", "--exec", "-x") ? "makes git run another program" : null;
    case "filter-branch":
    case "filter-repo":
      return "rewrites history";
    default:
      return null;
  }
}

function containerDanger(args: readonly string[]): string | null {
  const [first = "", second = ""] = args.filter((arg) => !arg.startsWith("-"));
  const deletes = ["rm", "rmi", "prune", "kill", "remove"];
  if (deletes.includes(first) || deletes.includes(second)) return REMOVES;
  return args.includes("down") && (args.includes("-v") || args.includes("--volumes") || args.includes("--rmi"))
    ? REMOVES
    : null;
}

function cloudDanger(args: readonly string[]): string | null {
  if (sends(args, /^DELETE$/i)) return REMOVES;
  const removes = args.some((arg) =>
    /^(?:delete|destroy|terminate|purge|remove|deregister|rm|rb)(?:-|$)|^--delete$|:destroy$/.test(arg),
  );
  return removes ? REMOVES : null;
}
