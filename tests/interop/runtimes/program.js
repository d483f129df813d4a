/** A server that packs the files it is asked for, in the form that Deno, Bun and workerd have in common. */

import { isHoldallError, zipResponse } from 'holdall/core'

const server = {
  /** @param {Request} request */
  async fetch(request) {
    const { files, isWhole } = JSON.parse(await request.text())
    // what is made of a function cannot be sent
    files.push({ name: 'made.txt', data: () => new Response('made here') })
    try {
      const response = await zipResponse(files, { retry: { delay: 1 } })
      const { headers } = response
      return new Response(isWhole ? await response.arrayBuffer() : response.body, { headers })
    } catch (error) {
      const code = isHoldallError(error) ? error.code : undefined
      return Response.json({ code, message: String(error) }, { status: 500 })
    }
  },
}

// eslint-disable-next-line import/no-default-export
export default server
