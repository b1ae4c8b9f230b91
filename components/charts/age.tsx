"use client";

import { useEffect, useState } from "react";

const STALE_MS = 5 * 60_000;
const TICK_MS = 30_000;

/** How old figures on the screen are, once they are older than they should be. */
export function Age({ readAt }: { readAt: string }) {
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    const tell = () => {
      const age = Date.now() - Date.parse(readAt);
      setMinutes(age < STALE_MS ? 0 : Math.floor(age / 60_000));
    };
    tell();
    const timer = setInterval(tell, TICK_MS);
    return () => clearInterval(timer);
  }, [readAt]);
  if (minutes === 0) return null;
  return (
    <span role="status" className="text-none">
      ◌ Figures are {minutes} min old
    </span>
  );
}
