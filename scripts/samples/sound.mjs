// Why: the album's largest file, and one that players can seek in: a tune of its own, as a WAV.

const RATE = 22_050
/** Seconds that a beat takes. */
const BEAT = 0.46

/** Steps from A4 in semitones, and beats: a lullaby in three-four. */
const MELODY = [
  [7, 1],
  [7, 1],
  [10, 1],
  [7, 3],
  [5, 1],
  [3, 1],
  [5, 1],
  [7, 3],
  [7, 1],
  [10, 1],
  [12, 1],
  [15, 2],
  [14, 1],
  [12, 1],
  [10, 1],
  [7, 1],
  [5, 3],
  [3, 1],
  [5, 1],
  [7, 1],
  [10, 2],
  [7, 1],
  [5, 1],
  [3, 1],
  [0, 1],
  [3, 3],
  [0, 1],
  [3, 1],
  [5, 1],
  [7, 2],
  [5, 1],
  [3, 2],
  [-2, 1],
  [3, 3],
]
/** One for each bar of three beats. */
const BASS = [-21, -14, -16, -21, -21, -16, -18, -14, -21, -14, -18, -21, -16, -14, -21]

/** @returns {Buffer} */
export function lullaby() {
  const beats = MELODY.reduce((sum, [, length = 0]) => sum + length, 0)
  const samples = new Float64Array(Math.ceil((beats * BEAT + 2.5) * RATE))
  let beat = 0
  for (const [pitch = 0, length = 0] of MELODY) {
    pluck(samples, beat * BEAT, pitch, 0.34, 1.1 + length * 0.35)
    beat += length
  }
  for (const [bar, pitch] of BASS.entries()) {
    pluck(samples, bar * 3 * BEAT, pitch, 0.26, 2.2)
    pluck(samples, (bar * 3 + 1) * BEAT, pitch + 12, 0.1, 1)
    pluck(samples, (bar * 3 + 2) * BEAT, pitch + 19, 0.1, 1)
  }
  return wav(samples)
}

/**
 * A tone that sounds like a music box: a few harmonics, the high ones gone first.
 *
 * @param {Float64Array} samples Added to.
 * @param {number} start In seconds.
 * @param {number} pitch Semitones from A4.
 * @param {number} volume
 * @param {number} decay Seconds to a third.
 */
function pluck(samples, start, pitch, volume, decay) {
  const turn = (2 * Math.PI * 440 * 2 ** (pitch / 12)) / RATE
  const first = Math.round(start * RATE)
  const length = Math.min(samples.length - first, Math.round(decay * 4 * RATE))
  for (let n = 0; n < length; n++) {
    const time = n / RATE
    const attack = Math.min(1, time * 400)
    const tone =
      Math.sin(turn * n) +
      0.4 * Math.sin(turn * 2 * n) * Math.exp(-time * 3) +
      0.2 * Math.sin(turn * 4.02 * n) * Math.exp(-time * 8)
    samples[first + n] =
      (samples[first + n] ?? 0) + attack * volume * tone * Math.exp(-time / decay)
  }
}

/**
 * @param {Float64Array} samples From −1 to 1.
 * @returns {Buffer} Mono, 16 bits.
 */
function wav(samples) {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const file = Buffer.alloc(44 + samples.length * 2)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20) // PCM
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(RATE, 24)
  file.writeUInt32LE(RATE * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.length * 2, 40)
  for (const [n, sample] of samples.entries()) {
    file.writeInt16LE(Math.round((sample / peak) * 29_000), 44 + n * 2)
  }
  return file
}
