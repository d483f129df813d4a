// Why: one figure can be measured anew, and the others stay as they were.

/**
 * `results` with `figure` in the place of the one of its name.
 *
 * @param {import('./document.mjs').Results} results
 * @param {import('./document.mjs').MeasuredFigure} figure
 * @param {readonly string[]} names Of all figures, in the order of the document: what is none of them is dropped.
 * @returns {import('./document.mjs').Results}
 */
export function merged({ figures }, figure, names) {
  const all = [...figures.filter(({ name }) => name !== figure.name), figure]
  return {
    figures: names.flatMap((wanted) => all.filter(({ name }) => name === wanted)),
  }
}
