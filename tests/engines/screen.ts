/** A screen that nobody sees, for browsers that must have one. */

import { once } from 'node:events'
import { start, type Program } from './process.ts'

export interface Screen {
  /** What programs are to be told as `DISPLAY`. */
  readonly display: string
  end(): Promise<void>
}

/** For programs on the screen that are to have nothing to do with whoever runs the tests. */
export const ALONE = {
  WAYLAND_DISPLAY: '', // theirs may be another kind of screen, which would be taken before ours
  XDG_SESSION_TYPE: 'x11',
  DBUS_SESSION_BUS_ADDRESS: 'disabled:', // that of whoever runs the tests is none of ours
  NO_AT_BRIDGE: '1', // or it would be asked all the same, for what reads screens aloud
}

export async function startScreen(): Promise<Screen> {
  const screen = start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24'])
  return { display: await displayOf(screen), end: () => screen.end() }
}

/** The display that the X server has found free, whose number it writes to standard output. */
async function displayOf({ child, complaints }: Program): Promise<string> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`Xvfb does not start: ${complaints()}`)
  })
  const [number] = (await Promise.race([once(child.stdout!, 'data'), ended])) as [Buffer]
  ended.catch(() => undefined) // it is meant to, later
  return `:${number.toString().trim()}`
}
