import type { ReactNode } from "react";

import { Link } from "@/components/ui/link";
import { paths } from "@/lib/core/shared/paths";
import { showSettings } from "@/lib/services/workspaces/show-settings";
import { pageContext } from "@/lib/web/session";

/** The desk. Where calibration items are mixed in, everybody who works at it is told. */
export default async function DeskLayout({ children }: { children: ReactNode }) {
  const { calibration } = await showSettings(await pageContext());
  return (
    <>
      {calibration && (
        <p className="text-xs text-muted">
          Some actions here are calibration items: past ones that were refused, shown again. Nothing can carry them out,
          and you are told right after your answer.{" "}
          <Link href={paths.scorecard()} className="link inline-block min-h-6">
            My scorecard
          </Link>
        </p>
      )}
      {children}
    </>
  );
}
