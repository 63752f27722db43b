import { type ChildProcess, spawn } from "node:child_process";
import { webcrypto } from "node:crypto";
import http2, { type ClientHttp2Session } from "node:http2";
import net from "node:net";
import tls from "node:tls";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** What Terraform 1.11 passes to a plugin. */
export const pluginEnvironment = {
  PATH: process.env.PATH,
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "6,5",
  PLUGIN_MIN_PORT: "10000",
  PLUGIN_MAX_PORT: "25000",
};

export interface ClientIdentity {
  readonly key: string;
  readonly cert: string;
}

/** A certificate of the kind that Terraform makes for itself: P-521, self-signed, for localhost. */
export async function clientIdentity(): Promise<ClientIdentity> {
  const algorithm = { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost, O=HashiCorp",
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"),
    cert: certificate.toString("pem"),
  };
}

export interface PluginProcess {
  readonly child: ChildProcess;
  /** The fields of the handshake line. */
  readonly handshake: readonly string[];
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a plugin and waits for its handshake line. */
export async function startPlugin(
  executable: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PluginProcess> {
  const child = spawn(executable, [], {
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  const ended = new Promise<Awaited<PluginProcess["ended"]>>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
      if (output.stdout.includes("\n")) resolve(output.stdout);
    });
    void ended.then(() => reject(new Error(`no handshake line: ${output.stderr}`)));
  });
  return { child, handshake: line.trim().split("|"), output, ended };
}

/** Connects as Terraform does, or as somebody else: with another certificate, none, or no TLS. */
export function connect(
  { handshake }: Pick<PluginProcess, "handshake">,
  identity: ClientIdentity | undefined,
  security: "tls" | "plaintext" = "tls",
): Promise<ClientHttp2Session> {
  const [, , , path = "", , certificate = ""] = handshake;
  const socket =
    security === "plaintext"
      ? net.connect(path)
      : tls.connect({
          path,
          ...identity,
          servername: "localhost",
          ca: pem(certificate),
          ALPNProtocols: ["h2"],
        });
  return new Promise((resolve, reject) => {
    const session = http2.connect("https://localhost", { createConnection: () => socket });
    session.once("error", reject);
    session.once("close", () => reject(new Error("the connection was closed")));
    // Only the server's own settings show that somebody on the other side takes part.
    session.once("remoteSettings", () => resolve(session));
  });
}

export interface GrpcResult {
  readonly status: number;
  readonly message: string;
  readonly body: Buffer;
}

/** Calls a unary method with a request, framed as gRPC has it. */
export function call(
  session: ClientHttp2Session,
  path: string,
  request: Uint8Array = new Uint8Array(),
  { rawBody = framed(request) }: { rawBody?: Uint8Array } = {},
): Promise<GrpcResult> {
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  const chunks: Buffer[] = [];
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on("response", (headers) => {
    trailers = { ...trailers, ...headers };
  });
  stream.on("trailers", (headers) => {
    trailers = { ...trailers, ...headers };
  });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.end(rawBody);
  return new Promise((resolve, reject) => {
    stream.once("error", reject);
    stream.once("close", () =>
      resolve({
        status: Number(trailers["grpc-status"] ?? Number.NaN),
        message: decodeURIComponent(String(trailers["grpc-message"] ?? "")),
        body: Buffer.concat(chunks).subarray(5),
      }),
    );
  });
}

function framed(message: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

function pem(unpadded: string): string {
  const lines =
    Buffer.from(unpadded, "base64")
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
