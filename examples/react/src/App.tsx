/** A letter to be downloaded, with what the visitor adds to it. */

import { useMemo, useState } from 'react'

export function App() {
  const [note, setNote] = useState('')
  const [outcome, setOutcome] = useState('')
  const files = useMemo(
    () => ['letter.txt', 'stamp.svg', ...(note ? [{ name: 'note.txt', data: note }] : [])],
    [note],
  )

  return (
    <>
      <h1>A letter for you</h1>
      <label>
        Add a note
        <textarea value={note} onChange={({ target }) => setNote(target.value)} />
      </label>
      <holdall-download
        name="letter.zip"
        files={files}
        selectable
        onholdall-start={() => setOutcome('')}
        onholdall-done={({ detail }) =>
          setOutcome(`${detail.report.entries} files in your downloads`)
        }
        onholdall-error={({ detail }) => setOutcome(detail.error.message)}
      />
      <p role="status">{outcome}</p>
    </>
  )
}
