import { Fragment } from "react";

import { visibleSegments } from "@/lib/core/shared/visible-text";

type VisibleTextProps = {
  text: string;
  /** Keeps line breaks and breaks long lines: for bodies of text. */
  block?: boolean | undefined;
};

/**
 * Text that someone else wrote, as it is: characters that cannot be seen or that reorder what is seen stand as U+XXXX.
 *
 * Nothing in it is ever a link, an image or markup, and its direction cannot leak into what surrounds it.
 */
export function VisibleText({ text, block = false }: VisibleTextProps) {
  const segments = visibleSegments(text).map((segment, index) => {
    if (segment.kind === "text") return <Fragment key={index}>{segment.text}</Fragment>;
    return (
      <span
        key={index}
        title={`Hidden character: ${segment.name}`}
        className="mx-px inline-block rounded-xs border border-ask px-0.5 font-mono text-[0.85em] leading-tight text-ask"
      >
        {segment.codePoint}
      </span>
    );
  });
  if (block) {
    return (
      <bdi className="block break-words whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
        {segments}
      </bdi>
    );
  }
  return <bdi>{segments}</bdi>;
}
