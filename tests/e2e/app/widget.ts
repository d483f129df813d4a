/** The script of pages with the element. */

import 'holdall/widget'
