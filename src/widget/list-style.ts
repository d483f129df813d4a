/** How lists of files look: those to choose of, and those left out. */

export const listStyle = `
details { margin-block-start: .5em; font-size: .875em; }
summary {
  inline-size: fit-content;
  padding: .4em .5em;
  border-radius: 6px;
  text-decoration: underline;
  text-decoration-thickness: 1px;
  text-underline-offset: .2em;
}
[part~=list] {
  max-block-size: 18em;
  margin: .25em 0 0;
  padding: 0;
  overflow: auto;
  list-style: none;
}
`
