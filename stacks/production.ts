import type { App } from "cdktf";
export function addProduction(_app: App, _env: unknown): void {}
