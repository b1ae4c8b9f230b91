import { BUCKET_WORDS, PRICE_FIELDS } from "@/lib/core/costs/price-fields";
import type { UnitPrices } from "@/lib/core/costs/schema";
import type { ShownRate } from "@/lib/core/costs/shown";

type Rate = { readonly label: string; readonly usd: string };

/** The prices of an override, as it states them. */
export function OverridePrices({ prices }: { prices: UnitPrices }) {
  const stated = (per: "mtok" | "one") =>
    PRICE_FIELDS.flatMap(({ name, label, per: unit }) => {
      const usd = prices[name];
      return usd === undefined || unit !== per ? [] : [{ label, usd }];
    });
  return <RateList perMtok={stated("mtok")} perOne={stated("one")} />;
}

/** What each part of a call costs. */
export function Rates({ rates }: { rates: readonly ShownRate[] }) {
  const of = (per: ShownRate["per"]) =>
    rates.filter((rate) => rate.per === per).map(({ bucket, usd }) => ({ label: BUCKET_WORDS[bucket], usd }));
  return <RateList perMtok={of("mtok")} perOne={of("one")} />;
}

function RateList({ perMtok, perOne }: { perMtok: readonly Rate[]; perOne: readonly Rate[] }) {
  return (
    <>
      {perMtok.map(written).join(" · ")}
      {perMtok.length > 0 && <span className="text-muted"> per million tokens</span>}
      {perMtok.length > 0 && perOne.length > 0 && " · "}
      {perOne.map(written).join(" · ")}
      {perOne.length > 0 && <span className="text-muted"> each</span>}
    </>
  );
}

const written = ({ label, usd }: Rate) => `${label} $${usd}`;
