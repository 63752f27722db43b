import {
  CloudBackend,
  GcsBackend,
  HttpBackend,
  NamedCloudWorkspace,
  PgBackend,
  S3Backend,
  type TerraformStack,
} from "cdktf";

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a variable that a backend can't do without. */
type Needed = (variable: string) => string;

type AddBackend = (stack: TerraformStack, needed: Needed, env: Environment) => void;

/**
 * Where state can be kept. All lock it; credentials come from the variables that Terraform reads itself (AWS_…, PG_CONN_STR,
 * TF_HTTP_USERNAME, …), so that none is in the synthesized files.
 */
const backends: Readonly<Record<string, AddBackend>> = {
  s3(stack, needed, env) {
    const backend = new S3Backend(stack, {
      bucket: needed("KONNECT_AUDIT_STATE_BUCKET"),
      key: `konnect-audit/${stack.node.id}.tfstate`,
      region: env.AWS_REGION ?? "us-east-1",
      encrypt: true,
    });
    backend.addOverride("use_lockfile", true); // cdktf 0.21 knows only the older lock by a DynamoDB table
  },

  gcs(stack, needed) {
    const bucket = needed("KONNECT_AUDIT_STATE_BUCKET");
    new GcsBackend(stack, { bucket, prefix: `konnect-audit/${stack.node.id}` });
  },

  pg(stack, needed) {
    needed("PG_CONN_STR");
    const schemaName = stack.node.id.replaceAll("-", "_");
    const backend = new PgBackend(stack, { connStr: "", schemaName });
    backend.addOverride("conn_str", undefined); // cdktf requires one, and it would hold a password
  },

  http(stack, needed) {
    const address = `${needed("KONNECT_AUDIT_STATE_URL")}/${stack.node.id}`;
    new HttpBackend(stack, { address, lockAddress: address, unlockAddress: address });
  },

  cloud(stack, needed) {
    const workspaces = new NamedCloudWorkspace(stack.node.id);
    new CloudBackend(stack, { organization: needed("TF_CLOUD_ORGANIZATION"), workspaces });
  },
};

/**
 * Keeps a stack's state where KONNECT_AUDIT_BACKEND says: s3, gcs, pg, http or cloud. Unset, it is a file beside cdktf.json,
 * which is for trying things out: whoever deploys needs the same state.
 */
export function addBackend(stack: TerraformStack, env: Environment): void {
  const name = env.KONNECT_AUDIT_BACKEND;
  if (!name) return;
  const add = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (!add) {
    const known = Object.keys(backends).join(", ");
    throw new Error(`KONNECT_AUDIT_BACKEND is "${name}"; set it to one of ${known}, or unset it.`);
  }
  const needed = (variable: string) => {
    const value = env[variable];
    if (value) return value;
    throw new Error(`KONNECT_AUDIT_BACKEND=${name} needs ${variable} in the environment as well.`);
  };
  add(stack, needed, env);
}
