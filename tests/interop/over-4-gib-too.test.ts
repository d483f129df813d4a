/** The other half of the archives with an entry over 4 GiB. */

import { checkEach, checkItself } from './large.ts'
import { OTHERS } from './over-4-gib.ts'

checkEach(OTHERS, checkItself)
