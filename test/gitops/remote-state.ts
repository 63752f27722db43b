import type { ChildProcess } from "node:child_process";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import type { Environment } from "../support/terraform.js";
import { finished } from "../support/terraform.js";

/** A backend that runs beside the test. */
interface Backend extends AsyncDisposable {
  env: Environment;
}

/** Waits until a process has printed a text. */
export function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((done) => {
    let output = "";
    child.stdout?.on("data", (part: string) => {
      output += part;
      if (output.includes(text)) done();
    });
  });
}

/** A stage whose state is in a remote backend, initialized but not applied. @param type Terraform's name of it */
export async function createRemoteStage<Kind extends Backend>(type: string, backend: Kind) {
  const stage = await createStage({ env: backend.env });
  const dispose = async () => {
    await stage[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  };
  try {
    await stage.workspace.write(
      `terraform {\n  backend "${type}" {}\n}\n${secretVariable}${webhookHcl("eu", stage.endpoint)}`,
    );
    await stage.workspace.succeed("init -input=false");
  } catch (error) {
    await dispose(); // a server that nobody stops would outlive the tests
    throw error;
  }
  return {
    ...stage,
    backend,
    /** A deploy that holds the state's lock, as it waits for an approval. */
    async holdLock() {
      const holder = stage.workspace.start(["apply", "-no-color"], {}, "pipe");
      const ended = finished(holder);
      await printed(holder, "Enter a value:");
      return {
        approve() {
          holder.stdin?.end("yes\n");
          return ended;
        },
        end(signal: "SIGINT" | "SIGKILL") {
          holder.kill(signal);
          return ended;
        },
      };
    },
    [Symbol.asyncDispose]: dispose,
  };
}
