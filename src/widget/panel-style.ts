/** How the panel of a download looks, and the button under a pointer. */

export const panelStyle = `
[part~=base] {
  --_track: var(--holdall-track, color-mix(in srgb, currentColor 16%, transparent));
  --_good: var(--holdall-good, #1f8a56);
  --_bad: var(--holdall-bad, #cf3a2b);
}
[part~=panel] {
  position: relative;
  overflow: clip;
  background: var(--_ground);
  box-shadow: inset 0 0 0 1px var(--_line);
}
[data-state=done] [part~=panel] [part~=icon] { background: var(--_good); color: #fff; }
[data-state=failed] [part~=panel] [part~=icon] { background: var(--_bad); color: #fff; }
[part~=panel] [part~=title] { font-variant-numeric: tabular-nums; }
[part~=panel] [part~=detail], [part~=note] { color: var(--_quiet); }
[part~=note] { display: block; font-size: .875em; }
[part~=pause], [part~=cancel], [part~=again] {
  display: grid;
  place-items: center;
  flex: none;
  inline-size: 2.5em;
  block-size: 2.5em;
  padding: 0;
  border-radius: 50%;
}
[part~=cancel] { margin-inline-start: -.75em; }
[part~=pause]:hover, [part~=cancel]:hover, [part~=again]:hover:enabled { background: var(--_track); }
[part~=retry] {
  min-block-size: 2.75em;
  margin-inline-start: 3.5em;
  padding: .3em 1.1em;
  border-radius: calc(var(--_radius) * .7);
  background: var(--_accent);
  color: var(--_on-accent);
  font-weight: 650;
}
[part~=button]:active:enabled { translate: 0 1px; }
:is([part~=button], [part~=retry]):hover:enabled { background: color-mix(in srgb, var(--_accent) 86%, var(--_on-accent)); }
[data-state=failed] [part~=panel] { flex-wrap: wrap; padding-block: .9em; }
[data-state=failed] .words { flex-basis: calc(100% - 3.6em); }
[part~=track] {
  position: absolute;
  inset-inline: 0;
  inset-block-end: 0;
  block-size: 5px;
  background: var(--_track);
}
[part~=bar] {
  block-size: 100%;
  background: var(--_accent);
  transition: inline-size .2s linear;
}
[data-state=paused] [part~=bar], [data-state=waiting] [part~=bar] { opacity: .55; }
.unknown { inline-size: 30%; animation: unknown 1.4s ease-in-out infinite alternate; }
@keyframes unknown { to { margin-inline-start: 70%; } }
[part~=interrupted] {
  margin-block-start: .4em;
  padding: .4em .5em;
  border-radius: 6px;
  font-size: .875em;
  text-align: start;
  text-decoration: underline;
}
[part~=panel] :disabled, [part~=interrupted]:disabled { opacity: .5; cursor: not-allowed; }
[part~=failures] [part~=list] { max-block-size: none; }
[part~=failures] [part~=list] li { padding: .25em .5em; overflow-wrap: anywhere; }
[part~=panel] :focus-visible { outline-offset: -3px; }
.heard {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
/* figures matter more than the picture */
:is([data-state=running], [data-state=waiting], [data-state=taken-over], [data-state=paused]) .narrow [part~=icon] { display: none; }
@media (prefers-reduced-motion: reduce) {
  .unknown { inline-size: 100%; opacity: .4; animation: none; }
}
@media (forced-colors: active) {
  [part~=retry], [part~=track] { border: 1px solid; }
  [part~=retry] { background: ButtonFace; color: ButtonText; }
  [part~=panel] :disabled, [part~=interrupted]:disabled { opacity: 1; color: GrayText; }
  [part~=bar] { forced-color-adjust: none; background: Highlight; }
}
`
