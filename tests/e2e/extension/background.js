// Why: nothing but an extension can pause a download as a person does; tests call these by name.

const { downloads } = Reflect.get(globalThis, 'chrome')

async function newest() {
  const [item] = await downloads.search({ orderBy: ['-startTime'], limit: 1 })
  return item
}

Object.assign(self, {
  newest,
  pause: async () => downloads.pause((await newest()).id),
  resume: async () => downloads.resume((await newest()).id),
})
