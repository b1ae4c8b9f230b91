import { type PointerEvent, useEffect, useRef, useState } from "react";

import type { Chart } from "@/lib/core/charts/chart";
import { drawnOf } from "@/lib/core/charts/units";

import type { ChartPoint } from "./chart-point";
import { LEFT, type PlotLayout, TOP } from "./plot-layout";

const DRAG_PX = 5;
/** Within this distance of a line, the pointer means that line and not all of them. */
const NEAR_PX = 10;
/** How long a click waits to see whether it is the first half of a double click. */
const DOUBLE_MS = 250;

type PlotPointer = {
  chart: Chart;
  layout: PlotLayout;
  setPoint: (point: ChartPoint | null) => void;
  open: (point: ChartPoint) => void;
  zoom: ((first: number, last: number) => void) | undefined;
  zoomOut: (() => void) | undefined;
};

/** What a pointer does with a plot: it shows points, opens one by a click, and zooms by dragging and double-clicking. */
export function usePlotPointer({ chart, layout, setPoint, open, zoom, zoomOut }: PlotPointer) {
  const [dragFrom, setDragFrom] = useState<{ readonly x: number; readonly at: number } | null>(null);
  const [dragTo, setDragTo] = useState<number | null>(null);
  const click = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(click.current), []);

  const pointAt = (event: PointerEvent<HTMLElement>): ChartPoint => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = layout.placeAt(event.clientX - box.left + LEFT);
    const y = event.clientY - box.top + TOP;
    const near = chart.lines
      .filter(({ role }) => role === "part" && chart.shape !== "bars")
      .flatMap(({ key, amounts }) => {
        const amount = amounts[place] ?? null;
        return amount === null ? [] : [{ key, off: Math.abs(layout.y(drawnOf(chart.unit, amount)) - y) }];
      })
      .toSorted((a, b) => a.off - b.off)[0];
    return { place, line: near && near.off <= NEAR_PX ? near.key : null };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    setPoint(pointAt(event));
    if (dragFrom && Math.abs(event.clientX - dragFrom.x) > DRAG_PX) setDragTo(pointAt(event).place);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setPoint(pointAt(event));
    setDragFrom({ x: event.clientX, at: pointAt(event).place });
  };
  const endDrag = () => {
    setDragFrom(null);
    setDragTo(null);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = dragFrom;
    endDrag();
    if (from === null) return;
    // Read from the event: the last move may not have been drawn yet.
    if (Math.abs(event.clientX - from.x) > DRAG_PX) {
      const to = pointAt(event).place;
      return zoom?.(Math.min(from.at, to), Math.max(from.at, to));
    }
    // A touch shows the point; the link below the chart opens it.
    if (event.pointerType !== "mouse") return;
    const clicked = pointAt(event);
    clearTimeout(click.current);
    click.current = setTimeout(() => open(clicked), zoomOut ? DOUBLE_MS : 0);
  };
  const onDoubleClick = () => {
    clearTimeout(click.current);
    zoomOut?.();
  };
  const onPointerLeave = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === "mouse" && dragFrom === null) setPoint(null);
  };
  const isDragged = dragFrom !== null && dragTo !== null && dragTo !== dragFrom.at;
  const selection = isDragged ? ([dragFrom.at, dragTo] as const) : null;
  const handlers = {
    onPointerMove,
    onPointerDown,
    onPointerUp,
    onPointerCancel: endDrag,
    onPointerLeave,
    onDoubleClick,
  };
  return { selection, handlers };
}
