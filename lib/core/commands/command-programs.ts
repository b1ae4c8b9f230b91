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

/** Programs by name, a closed list. A program that is not here is as dangerous as its tool's class says. */
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

/** What a program of this name does with these arguments that cannot be taken back; null when nothing is known. */
export function programDanger(name: string, args: readonly string[]): string | null {
  const danger = name.startsWith("mkfs.") ? always(DEVICES) : PROGRAMS.get(name);
  return danger?.(args) ?? null;
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
  const removes = args.some((arg) =>
    /^(?:delete|destroy|terminate|purge|remove|deregister|rm|rb)(?:-|$)|^--delete$|:destroy$/.test(arg),
  );
  return removes ? REMOVES : null;
}
