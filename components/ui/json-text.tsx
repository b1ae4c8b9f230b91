import { VisibleText } from "@/components/ui/visible-text";

type JsonTextProps = {
  value: unknown;
  /** What it is; its accessible name. */
  label: string;
};

/** A value as indented JSON, every character of it visible, in a box that scrolls by itself. */
export function JsonText({ value, label }: JsonTextProps) {
  return (
    <pre
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-96 overflow-auto border-y border-hair bg-surface px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      <VisibleText text={JSON.stringify(value, null, 2) ?? "null"} block />
    </pre>
  );
}
