import type { ChartPoint } from "./chart-point";

/** Where a key leads from a point; undefined for a key that leads nowhere. */
export function movedBy(
  key: string,
  point: ChartPoint | null,
  { last, lines }: { readonly last: number; readonly lines: readonly string[] },
): ChartPoint | null | undefined {
  const place = point?.place ?? last;
  const line = point?.line ?? null;
  const clamped = (next: number) => ({ place: Math.max(0, Math.min(last, next)), line });
  const around = [null, ...lines];
  const lineBy = (step: number) => around.at((around.indexOf(line) + step + around.length) % around.length) ?? null;
  switch (key) {
    case "ArrowLeft":
      return clamped(point === null ? last : place - 1);
    case "ArrowRight":
      return clamped(point === null ? last : place + 1);
    case "PageUp":
      return clamped(place - Math.ceil(last / 10));
    case "PageDown":
      return clamped(place + Math.ceil(last / 10));
    case "Home":
      return clamped(0);
    case "End":
      return clamped(last);
    case "ArrowUp":
      return { place, line: lineBy(-1) };
    case "ArrowDown":
      return { place, line: lineBy(1) };
    case "Escape":
      return point === null ? undefined : null;
    default:
      return undefined;
  }
}
