type Preference<Value extends string = string> = {
  readonly label: string;
  readonly cookie: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
};

/** The cookie of each preference, which is also its `data-` attribute on the document, and its words on screen. */
export const PREFERENCES = {
  theme: {
    label: "Theme",
    cookie: "interlock-theme",
    options: [
      { value: "system", label: "System" },
      { value: "light", label: "Light" },
      { value: "dark", label: "Dark" },
    ],
  },
  density: {
    label: "Density",
    cookie: "interlock-density",
    options: [
      { value: "compact", label: "Compact" },
      { value: "comfortable", label: "Comfortable" },
    ],
  },
  zone: {
    label: "Times",
    cookie: "interlock-zone",
    options: [
      { value: "local", label: "My time zone" },
      { value: "utc", label: "UTC" },
    ],
  },
  shortcuts: {
    label: "Single-key shortcuts",
    cookie: "interlock-shortcuts",
    options: [
      { value: "on", label: "On" },
      { value: "off", label: "Off" },
    ],
  },
} as const satisfies Record<string, Preference>;

/** How one browser likes its pages. Kept in cookies, because the server must know before the first byte. */
export type Preferences = {
  readonly [Name in keyof typeof PREFERENCES]: (typeof PREFERENCES)[Name]["options"][number]["value"];
};

/**
 * The preferences that a store holds; the first option of each where the store holds nothing known.
 *
 * Without a schema library, because every page's scripts carry this module.
 */
export function readPreferences(stored: (name: keyof Preferences) => string | undefined): Preferences {
  const names = Object.keys(PREFERENCES) as (keyof Preferences)[];
  const chosen = names.map((name) => {
    const { options } = PREFERENCES[name];
    const known = options.find(({ value }) => value === stored(name));
    return [name, (known ?? options[0]).value];
  });
  return Object.fromEntries(chosen);
}

/** Where a browser says its time zone, so that the server draws times in it. */
export const ZONE_COOKIE = "interlock-time-zone";
