/** Which of the archives over 4 GiB are tried beside the others. */

export const OTHERS: readonly string[] = [
  'over 4 GiB, `deflate-stored`, size unknown',
  'over 4 GiB, `sized`, small files after it',
]
