/** What the page's Content-Security-Policy refuses while something is tried. */

/** How long a browser may take to tell of what it has refused, in ms. */
const TOLD_WITHIN = 100

/** The directives that workers are subject to, and what to do about each. */
const WORKERS = {
  'worker-src': "Allow worker-src 'self'",
  'require-trusted-types-for':
    'Give configure() the URLs of both scripts as a policy of Trusted Types has made them; see docs/hosting.md',
}

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

  /** What forbids workers, and what to do about it; `undefined` if no policy does. */
  async ofWorkers(): Promise<{ readonly policy: string; readonly remedy: string } | undefined> {
    for (const [directive, remedy] of Object.entries(WORKERS)) {
      const policy = await this.by(directive)
      if (policy !== '') return { policy, remedy }
    }
    return undefined
  }

  stop(): void {
    document.removeEventListener('securitypolicyviolation', this.#listen)
  }

  readonly #listen = (event: SecurityPolicyViolationEvent): void => {
    const { disposition, effectiveDirective, originalPolicy } = event
    if (disposition === 'enforce') this.#policies.set(effectiveDirective, originalPolicy)
  }
}
