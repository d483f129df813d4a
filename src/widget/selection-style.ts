/** How the list in which files are chosen looks. */

export const selectionStyle = `
fieldset { min-inline-size: 0; margin: 0; padding: 0; border: 0; }
[part~=row] {
  display: flex;
  align-items: center;
  gap: .7em;
  min-block-size: 2.25em;
  padding: .2em .5em;
  border-radius: 6px;
}
[part~=row]:hover { background: var(--_ground); }
[part~=all] { border-block-end: 1px solid var(--_line); border-end-start-radius: 0; border-end-end-radius: 0; font-weight: 650; }
li { content-visibility: auto; contain-intrinsic-block-size: auto 2.25em; }
input { flex: none; inline-size: 1.15em; block-size: 1.15em; margin: 0; accent-color: var(--_accent); cursor: inherit; }
[part~=file-name] { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; }
[part~=file-size] { color: var(--_quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
fieldset:disabled label { cursor: not-allowed; color: var(--_quiet); }
`
