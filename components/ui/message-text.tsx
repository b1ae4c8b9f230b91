import { Fragment } from "react";

import { VisibleText } from "@/components/ui/visible-text";

/** One of our sentences, whose names stand between backticks: those are set as what a machine wrote. */
export function MessageText({ text }: { text: string }) {
  return text.split("`").map((part, index, parts) => {
    const named = index % 2 === 1 && index < parts.length - 1;
    return (
      <Fragment key={index}>
        {named ? (
          <span className="font-mono text-[0.96em]">
            <VisibleText text={part} />
          </span>
        ) : (
          <VisibleText text={index % 2 === 1 ? `\`${part}` : part} />
        )}
      </Fragment>
    );
  });
}
