import type { BuildOptions } from "esbuild";

/** What all bundles have in common. */
export const node: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
  legalComments: "none",
};
