/** How the element looks. Its ground comes from the text's colour, so that it fits any page. */

// Around the button are two rings, of its accent and of its text: as these differ from each other, one of them differs from
// the page. The page's own text cannot be had there, as what is current is the button's.
export const style = `
:host {
  display: inline-block;
  box-sizing: border-box;
  inline-size: var(--holdall-width, 24rem);
  max-inline-size: 100%;
  vertical-align: top;
  color: var(--holdall-color, inherit);
  font-family: var(--holdall-font, inherit);
  line-height: 1.35;
  text-align: start;
}
[part~=base] {
  --_accent: var(--holdall-accent, #1d3a5f);
  --_on-accent: var(--holdall-on-accent, #fff);
  --_line: var(--holdall-line, color-mix(in srgb, currentColor 22%, transparent));
  --_ground: var(--holdall-ground, color-mix(in srgb, currentColor 5%, transparent));
  --_quiet: var(--holdall-quiet, color-mix(in srgb, currentColor 76%, transparent));
  --_radius: var(--holdall-radius, 14px);
}
@media (prefers-color-scheme: dark) {
  [part~=base] {
    --_accent: var(--holdall-accent, #ffc53d);
    --_on-accent: var(--holdall-on-accent, #17212d);
  }
}
.apart { margin-block-end: .6em; }
:host([hidden]), [hidden] { display: none !important; }
*, ::before { box-sizing: border-box; }
button, summary, label { font: inherit; color: inherit; cursor: pointer; }
button { margin: 0; border: 0; background: none; }
svg {
  display: block;
  inline-size: 1.375em;
  block-size: 1.375em;
  fill: none;
  stroke: currentColor;
  stroke-width: 2;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.box {
  display: flex;
  align-items: center;
  gap: .75em;
  inline-size: 100%;
  min-block-size: 4.25em;
  padding: .7em .8em;
  border-radius: var(--_radius);
  text-align: start;
}
[part~=button] {
  background: var(--_accent);
  color: var(--_on-accent);
  transition: background-color .15s, translate .1s;
}
[part~=button]:disabled {
  background: var(--_ground);
  color: var(--_quiet);
  box-shadow: inset 0 0 0 1px var(--_line);
  cursor: not-allowed;
}
[part~=icon] {
  display: grid;
  place-items: center;
  flex: none;
  inline-size: 2.75em;
  block-size: 2.75em;
  border-radius: 50%;
  background: color-mix(in srgb, currentColor 13%, transparent);
}
.words { flex: 1; min-inline-size: 0; overflow-wrap: break-word; }
[part~=title], [part~=detail], ::slotted([slot=label]) { display: block; }
[part~=title], ::slotted([slot=label]) { font-weight: 650; }
[part~=detail] { font-size: .875em; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 3px solid var(--holdall-focus, currentColor); outline-offset: 2px; }
[part~=button]:focus-visible { outline-color: var(--holdall-focus, var(--_accent)); box-shadow: 0 0 0 2px var(--_on-accent); }
@media (prefers-reduced-motion: reduce) {
  * { transition: none !important; }
}
@media (prefers-contrast: more) {
  [part~=base] { --_quiet: currentColor; --_line: currentColor; }
}
@media (forced-colors: active) {
  .box, [part~=icon] { border: 1px solid; }
  [part~=button] { background: ButtonFace; color: ButtonText; }
  [part~=button]:disabled { background: ButtonFace; color: GrayText; }
}
`
