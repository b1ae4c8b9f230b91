"use client";

import { type KeyboardEvent, type Ref, useImperativeHandle, useRef } from "react";

import type { ManifestNote } from "@/lib/core/manifests/check";

/** What a list of notes can ask of the field. */
export type YamlFieldHandle = { goTo(line: number): void };

type YamlFieldProps = {
  id: string;
  name: string;
  value: string;
  onChange: (text: string) => void;
  /** Marks the lines that notes belong to. */
  notes: readonly ManifestNote[];
  describedBy?: string;
  rows?: number;
  placeholder?: string;
  ref?: Ref<YamlFieldHandle>;
};

/** YAML as text with line numbers. A native text field: undo, search and screen readers work as everywhere. */
export function YamlField({
  id,
  name,
  value,
  onChange,
  notes,
  describedBy,
  rows = 24,
  placeholder,
  ref,
}: YamlFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({ goTo: (line) => field.current && selectLine(field.current, line) }));
  const lines = value.split("\n").length;
  const faulty = notes.some((note) => note.severity === "error");

  return (
    <div className="flex min-w-0 overflow-hidden rounded-sm border border-edge bg-surface focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent">
      <div
        ref={gutter}
        aria-hidden="true"
        className="w-14 shrink-0 overflow-hidden border-r border-hair bg-sunk py-2 font-mono text-xs leading-5 select-none"
      >
        {Array.from({ length: lines }, (_, index) => (
          <LineNumber key={index} line={index + 1} notes={notes} />
        ))}
      </div>
      <textarea
        ref={field}
        id={id}
        name={name}
        rows={rows}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
        onKeyDown={keepIndent}
        aria-describedby={describedBy}
        aria-invalid={faulty || undefined}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        className="min-w-0 flex-1 resize-y overflow-auto px-3 py-2 font-mono text-xs leading-5 whitespace-pre outline-none pointer-coarse:text-base pointer-coarse:leading-5"
      />
    </div>
  );
}

function LineNumber({ line, notes }: { line: number; notes: readonly ManifestNote[] }) {
  const here = notes.filter((note) => note.line === line);
  const error = here.some((note) => note.severity === "error");
  const warning = !error && here.some((note) => note.severity === "warning");
  const look = error ? "font-semibold text-deny" : warning ? "font-semibold text-ask" : "text-muted";
  return (
    <div className={`flex justify-end gap-1 pr-2 ${look}`}>
      {error ? "■" : warning ? "▲" : ""}
      <span>{line}</span>
    </div>
  );
}

function selectLine(field: HTMLTextAreaElement, line: number): void {
  const lines = field.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0);
  field.focus();
  field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  const height = field.scrollHeight / Math.max(1, lines.length);
  field.scrollTo({ top: Math.max(0, (line - 6) * height) });
}

/** A new line begins where the last one did, one step further in after a colon. */
function keepIndent(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
  const { value, selectionStart } = event.currentTarget;
  const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  const indent = /^\s*(- )?/.exec(line)?.[0].replace("-", " ") ?? "";
  event.preventDefault();
  // The one way to insert text that the browser's undo knows of.
  document.execCommand("insertText", false, `\n${indent}${line.trimEnd().endsWith(":") ? "  " : ""}`);
}
