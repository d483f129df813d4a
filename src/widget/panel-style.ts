/** How the panel of a download looks. */

export const panelStyle = `
[part~=panel] {
  overflow: clip;
  background: var(--ground);
  box-shadow: inset 0 0 0 1px var(--line);
}
[data-state=done] [part~=panel] [part~=icon] { background: var(--good); color: #fff; }
[data-state=failed] [part~=panel] [part~=icon] { background: var(--bad); color: #fff; }
[part~=panel] [part~=title] { font-variant-numeric: tabular-nums; }
[part~=panel] [part~=detail] { color: var(--quiet); }
[part~=pause], [part~=cancel] {
  display: grid;
  place-items: center;
  flex: none;
  inline-size: 2.75em;
  block-size: 2.75em;
  padding: 0;
  border-radius: 50%;
}
[part~=cancel] { margin-inline-start: -.5em; }
[part~=pause]:hover, [part~=cancel]:hover { background: var(--track); }
[part~=again] {
  flex: none;
  min-block-size: 2.75em;
  padding: .3em 1em;
  border-radius: calc(var(--radius) * .7);
  background: var(--track);
  font-weight: 650;
}
[part~=again]:hover { background: var(--line); }
[data-state=failed] [part~=again] { background: var(--accent); color: var(--on-accent); }
[part~=track] {
  position: absolute;
  inset-inline: 0;
  inset-block-end: 0;
  block-size: 5px;
  background: var(--track);
}
[part~=bar] {
  block-size: 100%;
  background: var(--accent);
  transition: inline-size .2s linear;
}
[data-state=paused] [part~=bar], [data-state=waiting] [part~=bar] { opacity: .55; }
.unknown { inline-size: 30%; animation: unknown 1.4s ease-in-out infinite alternate; }
@keyframes unknown { to { margin-inline-start: 70%; } }
[part~=message] { margin: .6em .2em 0; font-size: .875em; overflow-wrap: anywhere; }
[part~=failures] [part~=list] li { padding: .25em .5em; overflow-wrap: anywhere; }
[part~=panel] :focus-visible { outline-offset: -3px; }
@media (prefers-reduced-motion: reduce) {
  .unknown { inline-size: 100%; opacity: .4; }
}
@media (forced-colors: active) {
  [part~=again], [part~=track] { border: 1px solid; }
  [part~=bar] { forced-color-adjust: none; background: Highlight; }
}
`
