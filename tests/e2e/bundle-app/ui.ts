/** What the app shows: the same in its modern build and in the one for browsers without modules. */

export function show(element: Element): void {
  const button = document.createElement('button')
  let count = 0
  const label = (): void => {
    button.textContent = `Counted ${count}`
  }
  button.addEventListener('click', () => {
    count++
    label()
  })
  label()
  element.replaceChildren(button)
}
