import { VisibleText } from "@/components/ui/visible-text";
import type { Clipped } from "@/lib/core/approvals/part";

/** A value as shown: whole, or both its ends with what is left out between them said. */
export function ClippedText({ value, block = false }: { value: Clipped; block?: boolean | undefined }) {
  return (
    <>
      <VisibleText text={value.head} block={block} />
      {value.omitted > 0 && (
        <>
          {" "}
          <span className="text-xs font-medium text-ask">
            … {value.omitted.toLocaleString("en-US")} more characters …
          </span>{" "}
          <VisibleText text={value.tail} block={block} />
        </>
      )}
    </>
  );
}
