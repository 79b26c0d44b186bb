import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const address = pathToFileURL(join(import.meta.dirname, 'engine-flags.ts')).href

/** What a process prints in which the flags are set; it takes code that was compiled before or after that. */
async function processOf(body: string): Promise<string> {
  const script = `
    import { Script } from 'node:vm'
    import { builtInModule, setFlags } from ${JSON.stringify(address)}
    const compile = (name) => new Script('function ' + name + '() {}').createCachedData()
    const takes = (name, cachedData) => !new Script('function ' + name + '() {}', { cachedData }).cachedDataRejected
    ${body}`
  const args = ['--conditions=temper-source', '--input-type=module', '--eval', script]
  return (await run(process.execPath, args)).stdout
}

it('modules of Node are the ones that everybody gets, whether they take long to load or not', async () => {
  const names = ['node:child_process', 'node:fs/promises', 'node:stream/web', 'node:path']
  const same = `${JSON.stringify(names)}.every((name) => builtInModule(name) === process.getBuiltinModule(name))`
  expect(await processOf(`setFlags(); console.log(${same})`)).toBe('true\n')
})

it('after a module was loaded the flags are what they were: code that was compiled with them is taken', async () => {
  const other = await processOf("setFlags(); console.log(compile('before').toString('base64'))")
  const bytes = `Buffer.from('${other.trim()}', 'base64')`
  expect(await processOf(`console.log(takes('before', ${bytes}))`)).toBe('false\n')
  expect(
    await processOf(`setFlags(); builtInModule('node:http'); console.log(takes('before', ${bytes}))`),
  ).toBe('true\n')
})
