import { expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import type { FetchedPackage, FetchPackages } from '../../model/package/package-source.ts'
import { beginFetching } from './arriving.ts'

const origin = { repository: 'debian', suite: 'trixie', component: 'main', location: 'pool/a.deb' }
const [large, small] = ['large', 'small'].map(
  (name): FetchedPackage => ({ name, version: '1', digest: sha256(name), size: 1, origin }),
) as [FetchedPackage, FetchedPackage]

/** Fetches nothing by itself: archives arrive when the test says so. */
function fetching() {
  const end = Promise.withResolvers<readonly string[]>()
  let arrived: (fetched: FetchedPackage) => void = () => {}
  const fetchArchives: FetchPackages = async (_, options) => {
    arrived = ({ digest }) => options?.onArrived?.(digest)
    return await end.promise
  }
  return { fetchArchives, end, arrive: (fetched: FetchedPackage) => arrived(fetched) }
}

it('an archive is read while others are under way, and all have come in the end', async () => {
  const { fetchArchives, end, arrive } = fetching()
  const arriving = beginFetching([large, small], fetchArchives)
  const events: string[] = []
  const done = arriving
    .during(async () => {
      await arriving.wait(small.digest)
      events.push('small is read')
      await arriving.wait(large.digest)
      events.push('large is read')
      return 'work'
    })
    .then((value) => events.push(`${value} is done`))
  arrive(small)
  await new Promise(setImmediate)
  expect(events).toEqual(['small is read'])
  arrive(large)
  await new Promise(setImmediate)
  expect(events).toEqual(['small is read', 'large is read'])
  end.resolve([])
  await done
  expect(events.at(-1)).toBe('work is done')
})

it('what is not on its way is not waited for', async () => {
  const arriving = beginFetching([], fetching().fetchArchives)
  await expect(arriving.wait(small.digest)).resolves.toBeUndefined()
})

it('what kept an archive from coming is the error, whatever came of the work', async () => {
  const { fetchArchives, end } = fetching()
  const arriving = beginFetching([large], fetchArchives)
  const waiting = arriving.during(() => arriving.wait(large.digest))
  const failing = arriving.during(() => Promise.reject(new Error('the work')))
  end.reject(new Error('the network'))
  await expect(waiting).rejects.toThrow('the network')
  await expect(failing).rejects.toThrow('the network')
})

it('an error of the work is thrown when nothing is under way any more', async () => {
  const { fetchArchives, end } = fetching()
  const arriving = beginFetching([large], fetchArchives)
  const events: string[] = []
  const done = arriving
    .during(() => Promise.reject(new Error('the work')))
    .catch((error: Error) => events.push(error.message))
  await new Promise(setImmediate)
  expect(events).toEqual([])
  end.resolve([])
  await done
  expect(events).toEqual(['the work'])
})
