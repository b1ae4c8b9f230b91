/**
 * Programs that only read, and in which form. Data, and the place where a mistake lets something through: an entry needs
 * a look at every option of the program's manual, on GNU, BSD and macOS.
 *
 * Options are listed by name; one ending in `=` takes a value, `-#` is a number (`-5`). What is not listed is not known to
 * be harmless.
 */
export type Form = {
  readonly flags: ReadonlySet<string>;
  /** The most words that are no option; absent: any number. */
  readonly words?: number;
  /** What each such word must look like; it must then be written out. */
  readonly word?: RegExp;
  /** One of these options or words must be there for it to only read. */
  readonly needs?: RegExp;
  /** Options are whole words after one dash (`-name`) and are not bundled. */
  readonly isLong?: boolean;
};

/** A program whose first word chooses what it does. */
export type Commands = {
  /** Options of the program itself, before its command. */
  readonly global: ReadonlySet<string>;
  readonly commands: ReadonlyMap<string, Form | Commands>;
  /** Whether it only reads when no command is given. */
  readonly mayBeBare: boolean;
};

/** Programs whose words are a language of their own, read in `judge-special.ts`. */
export type Special =
  | "awk"
  | "aws"
  | "command"
  | "environment"
  | "output"
  | "psql"
  | "read"
  | "sed"
  | "shell"
  | "tar"
  | "test"
  | "verb"
  | "wrapper"
  | "xargs";

/** `free`: no option and no word of it can change anything. */
export type HarmlessProgram =
  | { readonly kind: "free" }
  | ({ readonly kind: "form" } & Form)
  | ({ readonly kind: "commands" } & Commands)
  | { readonly kind: Special };

const set = (names: string): ReadonlySet<string> => new Set(names.split(" ").filter((name) => name !== ""));
const form = (flags: string, more: Omit<Form, "flags"> = {}): Form => ({ flags: set(flags), ...more });
const only = (flags: string, more: Omit<Form, "flags"> = {}) => ({ kind: "form" as const, ...form(flags, more) });
const commands = (entries: Readonly<Record<string, Form | Commands>>, global = "", mayBeBare = false): Commands => ({
  global: set(global),
  commands: new Map(Object.entries(entries)),
  mayBeBare,
});
const choice = (entries: Readonly<Record<string, Form | Commands>>, global = "") => ({
  kind: "commands" as const,
  ...commands(entries, global),
});
/** Several commands in the same form. */
const each = (names: string, one: Form) => Object.fromEntries(names.split(" ").map((name) => [name, one]));

const FREE =
  "echo true false : pwd cat head tail wc nl tac rev cut tr fold expand unexpand paste join comm cmp md5sum sha1sum sha224sum sha256sum sha384sum sha512sum cksum b2sum sum basename dirname realpath readlink stat ls du df whoami id groups uname uptime free ps pgrep printenv which whereis sleep seq grep egrep fgrep zcat jq od hexdump strings column cal tsort numfmt nproc locale getconf lsblk lscpu netstat vmstat iostat cd exit w who tty pathchk";

const GIT_LOG = form(
  "-# -p -n= --oneline --stat --graph --all --decorate --since= --until= --after= --before= --author= --committer= --grep= --name-only --name-status --shortstat --numstat --cached --staged --patch --no-patch -s --pretty= --format= --date= --follow --reverse --merges --no-merges --first-parent --abbrev-commit --color --no-color --word-diff -w -b --ignore-all-space --no-ext-diff --no-textconv -S= -G= -i --summary --diff-filter= -M -C --max-count= -L= --check --quiet --exit-code --minimal --raw --dirstat -U= --unified= -R --topo-order --tags --branches --remotes --skip=",
);
/** `-l` is no part of it: to a git before 2.20 it made a branch with a log. */
const GIT_LIST = /^(?:--list|--contains|--no-contains|--merged|--no-merged|--points-at)(?:=|$)/;
const GIT = choice(
  {
    status: form(
      "-s -b -v -z --short --branch --porcelain --porcelain=v1 --porcelain=v2 --long -u -uno -uall --untracked-files= --ignored --show-stash",
    ),
    ...each("log diff show", GIT_LOG),
    shortlog: form("-s -n -e --since= --all"),
    blame: form("-L= -w -M -C -e -l -s --since="),
    "rev-parse": form(
      "--abbrev-ref --short --show-toplevel --verify --is-inside-work-tree --git-dir --show-prefix --symbolic-full-name -q",
    ),
    "rev-list": form("--count --all --max-count= -n= --since= --left-right --oneline"),
    describe: form("--tags --always --dirty --abbrev= --long --all --match="),
    branch: form(
      "-a -r -v -vv -l --list --show-current --all --remotes --merged --no-merged --contains --sort= --format=",
      { words: 0 },
    ),
    tag: form("-l -n --list --sort= --contains --points-at= --merged", { words: 0 }),
    remote: commands({ show: form("-n"), "get-url": form("--all --push") }, "-v --verbose", true),
    "ls-files": form("-m -o -d -s -u -z --others --modified --deleted --exclude-standard --cached --stage"),
    "ls-tree": form("-r -l -t -d -z --name-only --full-tree --long"),
    "cat-file": form("-p -t -s -e"),
    "merge-base": form("--is-ancestor --all --fork-point"),
    stash: commands(each("list show", form("-p --stat --oneline"))),
    reflog: commands({ show: form("-n= --date= --oneline") }, "", true),
    worktree: commands({ list: form("--porcelain -v") }),
    submodule: commands(each("status summary", form("--recursive"))),
    config: form(
      "--get= --list -l --get-all= --get-regexp= --global --local --system --show-origin --show-scope --name-only",
      { needs: /^(?:--get|--get-all|--get-regexp|--list|-l)(?:=|$)/, words: 0 },
    ),
    grep: form("-n -i -l -w -c -e= -E -F -h -A= -B= -C= -p --cached --count --name-only --line-number"),
    "for-each-ref": form("--format= --sort= --count= --contains= --merged="),
    "count-objects": form("-v -H"),
    "check-ignore": form("-v"),
    cherry: form("-v"),
    "show-ref": form("--heads --tags --head -s"),
    version: form(""),
  },
  "-C= --no-pager -P",
);
/** Commands of git that only list when nothing is named, and what makes them list with names. */
export const LISTS_WITH: ReadonlyMap<string, RegExp> = new Map([
  ["branch", GIT_LIST],
  ["tag", new RegExp(`${GIT_LIST.source}|^-l$`)],
]);

const KUBECTL =
  "-n= --namespace= --context= --cluster= -A --all-namespaces -o= --output= -l= --selector= --request-timeout= -w --watch --show-labels --sort-by= --no-headers --field-selector= -c= --container= --tail= --since= -f --follow -p --previous --timestamps --all-containers --containers --revision= --recursive --short --client --minify --api-group= --prefix";
const inKubectl = form(KUBECTL);

const PROGRAMS: Readonly<Record<string, HarmlessProgram>> = {
  printf: { kind: "output" },
  test: { kind: "test" },
  "[": { kind: "test" },
  read: { kind: "read" },
  env: { kind: "environment" },
  command: { kind: "command" },
  sed: { kind: "sed" },
  ...Object.fromEntries(["awk", "gawk", "mawk"].map((name) => [name, { kind: "awk" as const }])),
  tar: { kind: "tar" },
  xargs: { kind: "xargs" },
  ...Object.fromEntries(["sh", "bash", "dash"].map((name) => [name, { kind: "shell" as const }])),
  ...Object.fromEntries(
    ["nohup", "timeout", "nice", "stdbuf", "time"].map((name) => [name, { kind: "wrapper" as const }]),
  ),
  psql: { kind: "psql" },
  aws: { kind: "aws" },
  gcloud: { kind: "verb" },
  az: { kind: "verb" },

  base64: only("-d -D -w= -b= --decode --wrap= --break="),
  diff: only(
    "-u -r -q -w -b -B -i -a -N -s -y -c -U= -C= -W= --brief --unified --recursive --color --ignore-all-space --ignore-case --side-by-side --strip-trailing-cr --suppress-common-lines --exclude=",
  ),
  hostname: only("-f -i -I -s -d", { words: 0 }),
  date: only("-u -R -I -Is --utc --iso-8601 --rfc-3339= -d= --date= -r=", { word: /^\+/ }),
  type: only("-a -p -P -t -f", { word: /^[\w.+-]+$/ }),
  wait: only("", { word: /^\d+$/ }),
  break: only("", { word: /^\d+$/ }),
  continue: only("", { word: /^\d+$/ }),
  uniq: only("-c -d -u -i -f= -s= -w= -z --count --repeated --unique --ignore-case", { words: 1 }),
  sort: only(
    "-n -r -u -k= -t= -h -V -b -f -g -M -R -s -z -c -C -m -d -i --numeric-sort --reverse --unique --key= --field-separator= --human-numeric-sort --version-sort --stable",
  ),
  tree: only("-a -d -f -L= -I= -P= -h -s -D -C -n --noreport --du --dirsfirst"),
  file: only("-b -i -L -h --mime-type --mime --brief -k"),
  xxd: only("-l= -s= -c= -g= -p -u", { words: 1 }),
  rg: only(
    "-i -n -l -c -v -w -x -F -S -A= -B= -C= -e= -g= -t= -T= -o -q -H -N -U -m= -u -L --files --hidden --no-ignore --json --count --files-with-matches --ignore-case --type= --glob= --stats --no-heading --heading --sort= --vimgrep --no-messages",
  ),
  find: only(
    "-name= -iname= -path= -ipath= -regex= -iregex= -type= -size= -mtime= -mmin= -newer= -maxdepth= -mindepth= -print -print0 -prune -not -o -a -and -or -empty -perm= -user= -group= -ls -xdev -mount -L -H -P -readable -writable -executable -printf= ! ( ) -quit -atime= -ctime= -amin= -cmin= -links= -inum= -depth -follow -true -false",
    { isLong: true },
  ),
  unzip: only("-l -v -Z", { needs: /^-[lvZ]+$/ }),
  gunzip: only("-c -l -t", { needs: /^-[clt]+$/ }),
  top: only("-b -n=", { needs: /^-bn?\d*$/ }),
  lsof: only("-i -n -P -p= -t -u= -a -c="),
  journalctl: only(
    "-u= -n= -f -r -b -k -x -e -o= --since= --until= --no-pager -p= --unit= --lines= --reverse --boot --output=",
  ),
  yq: only("-r -o= -P -p= -e -c"),

  git: GIT,
  kubectl: choice(
    {
      ...each("get describe logs top version api-resources api-versions explain events", inKubectl),
      "cluster-info": form("", { words: 0 }),
      config: commands(each("view current-context get-contexts get-clusters", form("--minify -o= --output="))),
      rollout: commands(each("status history", inKubectl)),
      auth: commands(each("can-i whoami", inKubectl)),
    },
    KUBECTL,
  ),
  docker: choice({
    ps: form("-a -q -n= -l -s -f= --filter= --format= --no-trunc --all --quiet"),
    images: form("-a -q --format= --filter= --digests"),
    logs: form("-f -n= -t --tail= --since= --until= --timestamps --follow"),
    inspect: form("-f= --format= -s --type="),
    ...each("version info top port", form("")),
    stats: form("--no-stream -a --format="),
    history: form("--no-trunc -q"),
    diff: form(""),
    image: commands(each("ls inspect history", form("-a -q"))),
    container: commands(each("ls inspect logs top stats port", form("-a -q"))),
    volume: commands(each("ls inspect", form("-q"))),
    network: commands(each("ls inspect", form("-q"))),
    system: commands({ df: form("-v") }),
    compose: commands(each("ps logs ls images top version", form("-f -a -q --tail="))),
  }),
  systemctl: choice(
    each(
      "status is-active is-enabled is-failed show cat list-units list-timers list-unit-files list-dependencies",
      form("--no-pager -l --full --all --type= --state= -n= -p= --property= --user --failed"),
    ),
    "--no-pager --user",
  ),
  gh: choice({
    pr: commands(
      each(
        "list view diff checks status",
        form("--json= --jq= --state= --limit= -L= --author= --label= --base= --head= --comments --name-only"),
      ),
    ),
    issue: commands(
      each("list view status", form("--json= --jq= --state= --limit= -L= --author= --label= --comments")),
    ),
    run: commands(
      each("list view", form("--json= --jq= --limit= -L= --log --log-failed --job= --branch= --workflow=")),
    ),
    repo: commands({ view: form("--json= --jq=") }),
    release: commands(each("list view", form("--json= --jq= --limit= -L="))),
  }),
  helm: choice(
    each("list ls status history version", form("-n= --namespace= -A --all-namespaces -o= --output= --short --max=")),
  ),
  npm: choice(
    each(
      "ls list outdated version",
      form("-g --global --depth= --all --json --long", { word: /^[\w@./-]+$/, words: 0 }),
    ),
  ),
  openssl: choice({
    version: form("-a"),
    x509: {
      ...form("-in= -noout -text -dates -subject -issuer -fingerprint -enddate", { needs: /^-noout$/ }),
      isLong: true,
    },
  }),
};

const HARMLESS: ReadonlyMap<string, HarmlessProgram> = new Map([
  ...FREE.split(" ").map((name): [string, HarmlessProgram] => [name, { kind: "free" }]),
  ...Object.entries(PROGRAMS),
]);

/** How a program of this name is harmless; undefined when it is not known to be. */
export const harmlessProgram = (name: string): HarmlessProgram | undefined => HARMLESS.get(name);

/** Every program of the table. */
export const HARMLESS_NAMES: readonly string[] = [...HARMLESS.keys()];

/** Programs that only say which version they are when that is all they are asked. */
export const TELLS_VERSION: ReadonlySet<string> = set(
  "rm mv cp node python python3 ruby perl go cargo rustc java javac gcc make cmake npm npx yarn pnpm pip pip3 git docker kubectl terraform helm aws gcloud az gh psql mysql sqlite3 curl wget ssh bash tar sed awk grep find jq yq openssl php deno bun tsc ffmpeg",
);
/** Those to which `-v`, `-version` or `version` mean the same. */
export const TELLS_VERSION_SHORT: ReadonlySet<string> = set("node npm java python python3 terraform go");

/** Variables that may be set before a program: none of them names a program or a library. */
const SETTINGS =
  /^(?:LANG|LC_[A-Z]+|TZ|NO_COLOR|FORCE_COLOR|TERM|COLUMNS|CI|AWS_REGION|AWS_DEFAULT_REGION|AWS_PROFILE|[a-z][a-z0-9_]{0,30})$/;
const GRAVE_SETTINGS = set(
  "path ld_preload http_proxy https_proxy all_proxy no_proxy cdpath fpath manpath module_path",
);

/** Whether setting this variable before a program changes nothing about what runs. */
export const isHarmlessSetting = (name: string) => SETTINGS.test(name) && !GRAVE_SETTINGS.has(name);
