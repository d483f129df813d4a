// Why: an album has words too: lists, a route, a card, and a page to print.

/** Where the pictures are from, as far as anyone asks. */
const PLACES = [
  ['Ridge at dawn', 47.42, 10.98, '2024-05-04', 'Up at four for this. Worth it.'],
  ['Dunes', 31.15, -4.02, '2024-05-19', 'Sand in the zip for weeks.'],
  ['Θάλασσα', 36.46, 25.38, '2024-06-02', 'White, blue, and a ferry that did not come.'],
  ['写真 / 富士', 35.36, 138.73, '2024-06-21', 'Hidden for three days, then this.'],
  ['Northern lights', 69.65, 18.96, '2024-09-28', 'No tripod: the bag did.'],
  ['Straße', 52.52, 13.4, '2024-11-16', 'The last bus had gone.'],
]

export function readMe() {
  return [
    'The sample album',
    '================',
    '',
    'Every picture, sound and page in here was made by a program: nothing was photographed,',
    'and nobody has to be asked before it is shown or changed.',
    '',
    'It is here to be packed. So it has what archives trip over: folders, names in several',
    'scripts, an empty file, an emoji, a sharp s, and files that are already compressed beside',
    'files that are not.',
    '',
    'If you are reading this in a folder that you have just unpacked: it worked.',
    '',
  ].join('\n')
}

export function route() {
  const stops = PLACES.map(([name, , , date, note]) => `## ${name}\n\n*${date}.* ${note}\n`)
  return `# Route\n\nSix stops, one bag.\n\n${stops.join('\n')}`
}

export function packingList() {
  const things = [
    ['Thing', 'Count', 'Weight in g', 'Packed'],
    ['Shirt', 4, 180, 'yes'],
    ['Jumper, wool', 1, 520, 'yes'],
    ['Socks, pair', 6, 60, 'yes'],
    ['Rain jacket', 1, 410, 'yes'],
    ['Book, "the long one"', 1, 640, 'no'],
    ['Torch', 1, 95, 'yes'],
    ['Café cups', 2, 140, 'yes'],
    ['Charger', 1, 120, 'at the door'],
  ]
  const quoted = (/** @type {string | number} */ value) =>
    /[",]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value)
  return things.map((row) => `${row.map(quoted).join(',')}\n`).join('')
}

export function places() {
  const features = PLACES.map(([name, latitude, longitude, date]) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    properties: { name, date },
  }))
  const text = JSON.stringify({ type: 'FeatureCollection', features }, undefined, 2)
  // as formatters write it, so that none changes its size, which the manifest tells
  return `${text.replace(/\[\s+([-\d.]+),\s+([-\d.]+)\s+\]/g, '[$1, $2]')}\n`
}

export function postcard() {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>A postcard</title>
  <style>
    body {
      margin: 0;
      min-height: 100vh;
      display: grid;
      place-items: center;
      background: #cfd8d3;
    }
    main {
      max-width: 34rem;
      margin: 1rem;
      padding: 2.5rem;
      background: #fdfaf2;
      color: #22303a;
      font:
        1.15rem/1.6 Georgia,
        serif;
      border: 12px solid;
      border-image: repeating-linear-gradient(
          45deg,
          #c8402f 0 12px,
          #fdfaf2 12px 24px,
          #1d4e89 24px 36px,
          #fdfaf2 36px 48px
        )
        12;
    }
    p {
      margin: 0 0 1em;
    }
  </style>
  <main>
    <p>Dear you,</p>
    <p>
      everything fitted in the one bag after all. The book stayed at home; the jumper did not, and
      it was cold on the ridge, so I was right about that.
    </p>
    <p>
      The pictures are in the other folders. The tune is what the landlady's music box played, more
      or less.
    </p>
    <p>Until Sunday.</p>
  </main>
</html>
`
}

export function packed() {
  return 'Toothbrush ✓\nPassport ✓\nThe other sock ✗\n'
}

/** A page to print: a label for the bag. Written by hand, as PDF once was. */
export function label() {
  const page = [
    '0.95 0.93 0.87 rg 0 0 420 298 re f',
    '0.11 0.17 0.23 RG 3 w 24 24 372 250 re S',
    '1 0.77 0.24 rg 24 222 372 52 re f',
    '0.11 0.17 0.23 rg',
    'BT /F2 26 Tf 44 238 Td (HOLDALL) Tj ET',
    'BT /F1 12 Tf 44 190 Td (This bag belongs to) Tj ET',
    '1 w 44 160 m 376 160 l S 44 130 m 376 130 l S',
    'BT /F1 12 Tf 44 96 Td (If found, pack it again and send it on.) Tj ET',
    '1 0.77 0.24 RG 4 w [6 5] 0 d 44 56 m 376 56 l S',
  ].join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 298] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>',
    '<< /Title (Label) >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const count = objects.length + 1
  const trailer = `trailer\n<< /Size ${count} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return `${file}xref\n0 ${count}\n0000000000 65535 f \n${table.join('')}${trailer}`
}
