import { VisibleText } from "@/components/ui/visible-text";

/** YAML to read: every line has a number and an address of its own (`#L12`), and the addressed one is marked. */
export function YamlText({ text, label }: { text: string; label: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <div role="region" aria-label={label} tabIndex={0} className="overflow-x-auto border-y border-hair bg-surface py-2">
      <ol className="w-max min-w-full font-mono text-xs leading-5">
        {lines.map((line, index) => (
          <li
            key={index}
            id={`L${index + 1}`}
            className="grid scroll-mt-24 grid-cols-[3rem_1fr] gap-3 pr-3 target:bg-add-tint"
          >
            <a
              href={`#L${index + 1}`}
              aria-label={`Line ${index + 1}`}
              className="text-right text-muted select-none hover:text-text"
            >
              {index + 1}
            </a>
            <span className="whitespace-pre">
              <VisibleText text={line || " "} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
