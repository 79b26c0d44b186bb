/**
 * Tries what Temper writes on the programs that others use: skopeo, umoci, oras, docker-registry, runc, podman, buildah,
 * reprepro, apt-ftparchive, apt, cosign, crane, Syft, Grype, Trivy, chromium, and the suite of the registries' specification. Run by
 * `npm run interop`. With CI=true a missing program is an error, not a reason to skip.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildGoTools } from '../packages/temper/test/support/go-tool.ts'

process.env['CI'] = 'true'
await buildGoTools((line) => console.log(line))

const root = fileURLToPath(new URL('..', import.meta.url))
const { status, error } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    'packages/temper/test/interop',
    'packages/server/test/interop',
    'packages/temper/test/oci-',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TEMPER_INTEROP: '1' } },
)
if (error) throw error
process.exit(status ?? 1)
