import { z } from "zod";

/** How one browser likes its pages. Kept in cookies, because the server must know before the first byte. */
export const Preferences = z.object({
  theme: z.enum(["system", "light", "dark"]).catch("system"),
  density: z.enum(["compact", "comfortable"]).catch("compact"),
  zone: z.enum(["local", "utc"]).catch("local"),
  shortcuts: z.enum(["on", "off"]).catch("on"),
});
export type Preferences = z.infer<typeof Preferences>;

type Preference = {
  readonly label: string;
  readonly cookie: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
};

/** The cookie of each preference, which is also its `data-` attribute on the document, and its words on screen. */
export const PREFERENCES: { readonly [Name in keyof Preferences]: Preference } = {
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
};
