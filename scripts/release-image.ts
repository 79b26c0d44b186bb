import { stringify } from 'yaml'

/** Where the package lies in the image. */
const folder = '/usr/lib/temper'

const program = ['/usr/bin/node', `${folder}/node_modules/@temper-images/temper/dist/main.js`]

/**
 * The recipe of Temper's own image: Node as npm's package has it, since that of the distribution is too old, and the
 * published package with its dependencies. `node` and `node_modules` lie beside the recipe.
 */
export function imageRecipe(architecture: 'amd64' | 'arm64'): string {
  return stringify({
    name: 'temper',
    platforms: [`linux/${architecture}`],
    contents: {
      packages: ['base-files', 'ca-certificates', 'libstdc++6', 'libgcc-s1'],
      files: [
        { source: 'node', path: '/usr/bin/node', permissions: '0755' },
        { source: 'node_modules', path: `${folder}/node_modules` },
      ],
    },
    environment: { TEMPER_CACHE_DIR: '/cache', HOME: '/tmp' },
    entrypoint: program,
    cmd: ['--help'],
    'work-dir': '/work',
    paths: ['/work', '/cache'].map((path) => ({ type: 'directory', path, uid: 65532, gid: 65532 })),
    annotations: {
      'org.opencontainers.image.title': 'Temper',
      'org.opencontainers.image.description': 'Hardened container images from a recipe and a lock',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    },
    tests: [
      { name: 'tells its version', command: [...program, '--version'] },
      { name: 'reads recipes', command: [...program, 'schema'], output: 'contents' },
    ],
  })
}
