import { sha256 } from '../base/digest.ts'
import { runContract } from '../model/assess/run-contract.ts'
import type { ImageFacts, WritableFolder } from './facts.ts'

/** A folder of the runtime user, for tests. */
export function folder(path: string, more: Partial<WritableFolder> = {}): WritableFolder {
  return { path, holds: 0, uid: 65_532, gid: 65_532, mode: 0o755, ...more }
}

/** Facts of a hardened web server; `config` is its configuration. */
export function sampleFacts(
  config: Parameters<typeof runContract>[0] = {},
  more: Partial<ImageFacts> = {},
): ImageFacts {
  const folders = more.writable ?? [folder('/var/lib/web')]
  return {
    name: 'registry.example/team/web',
    digest: sha256('web'),
    contract: runContract({ User: '65532:65532', Entrypoint: ['/web'], ...config }),
    user: { uid: 65_532, gid: 65_532 },
    writable: folders,
    folders: new Map(folders.map((each) => [each.path, each])),
    privileged: [],
    ...more,
  }
}
