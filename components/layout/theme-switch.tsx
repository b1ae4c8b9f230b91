"use client";

import type { Preferences } from "@/lib/core/workspaces/preferences";

import { usePreference } from "./use-preference";

const NEXT = { system: "light", light: "dark", dark: "system" } as const;

/** Goes through system, light and dark. */
export function ThemeSwitch({ initial }: { initial: Preferences["theme"] }) {
  const [theme, choose] = usePreference("theme", initial);
  const label = `Theme: ${theme}. Switch to ${NEXT[theme]}`;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => choose(NEXT[theme])}
      className="inline-grid size-8 place-items-center rounded-sm text-muted hover:bg-sunk hover:text-text pointer-coarse:size-11"
    >
      <svg
        viewBox="0 0 16 16"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        className="size-4"
      >
        {theme === "light" && (
          <path d="M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 .8v2M8 13.2v2M.8 8h2M13.2 8h2M2.9 2.9l1.4 1.4M11.7 11.7l1.4 1.4M13.1 2.9l-1.4 1.4M4.3 11.7l-1.4 1.4" />
        )}
        {theme === "dark" && <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />}
        {theme === "system" && <path d="M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Z" />}
        {theme === "system" && <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor" stroke="none" />}
      </svg>
    </button>
  );
}
