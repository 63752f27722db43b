/** A call that the emulator got. Holds no token. */
export interface LoggedRequest {
  /** Milliseconds since the Unix epoch, by the emulator's clock. */
  at: number;
  method: string;
  /** Empty if the call named none. */
  region: string;
  /** Without region and query. */
  path: string;
  userAgent: string;
  /** HTTP status of the answer; 0 when the connection was reset instead. */
  status: number;
}

const maxRequests = 10_000;
/** Of paths and user agents: a caller decides how long they are. */
const maxCharacters = 4 * 1024 * 1024;

/** The last calls, oldest first, as far as there is room. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #characters = 0;

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    this.#characters += lengthOf(request);
    while (this.#requests.length > maxRequests || this.#characters > maxCharacters) {
      this.#characters -= lengthOf(this.#requests.shift());
    }
  }

  list(): readonly LoggedRequest[] {
    return [...this.#requests];
  }

  clear(): void {
    this.#requests = [];
    this.#characters = 0;
  }
}

function lengthOf(request: LoggedRequest | undefined): number {
  return request ? request.path.length + request.userAgent.length : 0;
}
