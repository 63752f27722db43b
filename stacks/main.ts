import { App } from "cdktf";
import { addDemo } from "./demo.js";
import { addProduction } from "./production.js";

/** The environments of this app. Only one is synthesized at a time, so that a drift check of one needs nothing of the other. */
const environments = { demo: addDemo, production: addProduction } as const;

const name = process.env.KONNECT_AUDIT_ENVIRONMENT ?? "production";
if (!isEnvironment(name)) {
  const known = Object.keys(environments).join(" or ");
  throw new Error(
    `KONNECT_AUDIT_ENVIRONMENT is "${name}"; set it to ${known}, or leave it unset for production.`,
  );
}

const app = new App();
environments[name](app, process.env);
app.synth();

function isEnvironment(value: string): value is keyof typeof environments {
  return Object.hasOwn(environments, value);
}
