"use client";

import { useEffect, useRef } from "react";

import { TextInput } from "@/components/ui/text-input";

const SELECTOR = "[data-search-field]";
let wanted = false;

/** Puts the focus into the page's search. @returns false when it has none: the next page that has one takes the focus */
export function beginSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>(SELECTOR);
  wanted = field === null;
  field?.focus();
  field?.select();
  return field !== null;
}

/** The search of a page, where its key leads. */
export function SearchField({ name, label, initial }: { name: string; label: string; initial: string }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wanted) holder.current?.querySelector("input")?.focus();
    wanted = false;
  }, []);
  return (
    <div ref={holder}>
      <TextInput
        data-search-field=""
        type="search"
        name={name}
        aria-label={label}
        placeholder={label}
        defaultValue={initial}
      />
    </div>
  );
}
