// Stands in for `server-only`, which throws on import everywhere but in Next's server bundle.
export {};
