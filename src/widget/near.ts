/** Tells when somebody may soon see an element. */

/** How far off the screen it may be. */
const NEAR = '200px'

/** Calls `then` once, when `element` is in view or nearly so. What it returns stops the waiting. */
export function whenNear(element: Element, then: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      then()
    },
    { rootMargin: NEAR },
  )
  observer.observe(element)
  return () => observer.disconnect()
}
