/** What the page's Content-Security-Policy refuses while something is tried. */

/** How long a browser may take to tell of what it has refused, in ms. */
const TOLD_WITHIN = 100

/** Listens until it is stopped. */
export class Violations {
  readonly #policies = new Map<string, string>()

  constructor() {
    document.addEventListener('securitypolicyviolation', this.#listen)
  }

  /** The policy that refused something by `directive`, in words for a message; empty if none did. */
  async by(directive: string): Promise<string> {
    if (!this.#policies.has(directive)) {
      await new Promise((resolve) => setTimeout(resolve, TOLD_WITHIN))
    }
    const policy = this.#policies.get(directive)
    return policy === undefined
      ? ''
      : `: the Content-Security-Policy forbids it by ${directive} ("${policy}")`
  }

  stop(): void {
    document.removeEventListener('securitypolicyviolation', this.#listen)
  }

  readonly #listen = (event: SecurityPolicyViolationEvent): void => {
    const { disposition, effectiveDirective, originalPolicy } = event
    if (disposition === 'enforce') this.#policies.set(effectiveDirective, originalPolicy)
  }
}
