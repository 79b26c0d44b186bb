import { expect, it } from 'vitest'
import { resolver } from './reach.ts'
import { fetchWithin } from './within.ts'

const addresses: Readonly<Record<string, string>> = {
  'packages.example': '93.184.215.14',
  'inner.example': '10.0.0.5',
}
const lookUp = async (name: string) => [{ address: addresses[name] ?? '10.0.0.1' }]
const archives = ['https://inner.example/debian', 'http://127.0.0.1:8000', 'http://169.254.169.254/latest']

it.each([
  ['https://packages.example/a', true],
  ['https://inner.example/debian/a', true],
  ['http://127.0.0.1:8000/dists/trixie/InRelease', true],
  ['http://inner.example/a', false],
  ['https://other.example/a', false],
  ['http://127.0.0.1:8001/a', false],
  ['http://[::1]:8000/a', false],
  ['http://169.254.169.254/latest/a', false],
])('a service asks %s for what a recipe names: %s', async (address, may) => {
  const asked: string[] = []
  const fetch = (async (input: unknown) => {
    asked.push(String(input))
    return new Response('')
  }) as typeof globalThis.fetch
  const within = fetchWithin(resolver({ configured: [], archives, reachable: [] }, lookUp), fetch)
  if (may) await within(address)
  else await expect(within(address)).rejects.toMatchObject({ code: 'network' })
  expect(asked).toEqual(may ? [address] : [])
})
