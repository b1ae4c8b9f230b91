import { buttonClass } from "@/components/ui/button-class";
import { paths } from "@/lib/core/shared/paths";

/** Downloads of the whole ledger. Plain links, not client navigation: what answers is the API. */
export function ExportLinks() {
  return (
    <>
      <a href={paths.ledgerBundle()} download className={buttonClass("plain", "md")}>
        Export bundle
      </a>
      <a href={paths.ledgerExport("jsonl")} download className={buttonClass("plain", "md")}>
        Export JSONL
      </a>
      <a href={paths.ledgerExport("csv")} download className={buttonClass("plain", "md")}>
        Export CSV
      </a>
    </>
  );
}
