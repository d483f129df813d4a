/** Changes to a text, made all at once; what is between them stays as it is, to the letter. */

/** A part of the text, from `startOffset` up to, not with, `endOffset`. */
export interface Span {
  readonly startOffset: number
  readonly endOffset: number
}

export class Splices {
  readonly #changes: { readonly span: Span; readonly text: string }[] = []

  get isEmpty(): boolean {
    return this.#changes.length === 0
  }

  /** Puts `text` in place of `span`, which must not overlap another. */
  replace({ startOffset, endOffset }: Span, text: string): void {
    this.#changes.push({ span: { startOffset, endOffset }, text })
  }

  remove(span: Span): void {
    this.replace(span, '')
  }

  apply(source: string): string {
    const parts: string[] = []
    let position = 0
    // What is put in before a part that goes, stays.
    const inOrder = this.#changes.toSorted(
      ({ span: a }, { span: b }) => a.startOffset - b.startOffset || a.endOffset - b.endOffset,
    )
    for (const { span, text } of inOrder) {
      // What is in a part that goes, goes with it.
      if (span.startOffset < position) continue
      parts.push(source.slice(position, span.startOffset), text)
      position = span.endOffset
    }
    return parts.join('') + source.slice(position)
  }
}
