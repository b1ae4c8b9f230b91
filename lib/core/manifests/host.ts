/** The hosts an agent may name, in the form `URL` gives them. */
export type HostList = {
  readonly exact: ReadonlySet<string>;
  /** `.example.com` for `*.example.com`. */
  readonly suffixes: readonly string[];
};

/** Why a text is no host pattern; null for `api.example.com`, `*.example.com`, `203.0.113.7` or `[::1]`. */
export function hostPatternFault(pattern: string): string | null {
  const host = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
  if (host.includes("*")) return "a host is exact or begins with `*.`";
  if (/[/@?#\\\s]/.test(host)) return "a host has no scheme, path, port or user";
  const normal = normalHost(host);
  if (normal === null) return "not the name of a host";
  if (/:\d+$/.test(host) && !host.startsWith("[")) return "a host has no port";
  if (pattern.startsWith("*.") && (!normal.includes(".") || isAddress(normal))) {
    return "`*.` must be followed by a domain of at least two labels";
  }
  return null;
}

/** Prepares host patterns; a pattern that is none matches nothing. */
export function hostList(patterns: readonly string[]): HostList {
  const exact = new Set<string>();
  const suffixes: string[] = [];
  for (const pattern of patterns) {
    if (hostPatternFault(pattern) !== null) continue;
    const normal = normalHost(pattern.startsWith("*.") ? pattern.slice(2) : pattern);
    if (normal === null) continue;
    if (pattern.startsWith("*.")) suffixes.push(`.${normal}`);
    else exact.add(normal);
  }
  return { exact, suffixes };
}

/** Whether a normalised host is on the list. `*.example.com` does not stand for `example.com` itself. */
export function allowsHost(list: HostList, host: string): boolean {
  return list.exact.has(host) || list.suffixes.some((suffix) => host.length > suffix.length && host.endsWith(suffix));
}

/**
 * A host as browsers and `fetch` would reach it: lower case, IDNA, IPv4 in any spelling made plain, no trailing dot.
 *
 * @param authority a host with or without user and port, no slashes; null when it names no host
 * @source WHATWG URL
 */
export function normalHost(authority: string): string | null {
  // Readers of URLs disagree about a backslash: for some it ends the host, for others it is part of the user.
  if (authority === "" || /[\\/?#\s]/.test(authority)) return null;
  const text = `http://${authority}/`;
  if (!URL.canParse(text)) return null;
  const { hostname } = new URL(text);
  if (hostname === "") return null;
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

const isAddress = (host: string) => host.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(host);
