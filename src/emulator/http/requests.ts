/** A call that the emulator got. Holds no token. */
export interface LoggedRequest {
  /** Milliseconds since the Unix epoch, by the emulator's clock. */
  at: number;
  method: string;
  region: string;
  /** Without region and query. */
  path: string;
  userAgent: string;
  /** HTTP status of the answer; 0 when the connection was reset instead. */
  status: number;
}

const maxRequests = 10_000;

/** The last calls, oldest first. */
export class RequestLog {
  #requests: LoggedRequest[] = [];

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > maxRequests) this.#requests.shift();
  }

  list(): readonly LoggedRequest[] {
    return [...this.#requests];
  }

  clear(): void {
    this.#requests = [];
  }
}
