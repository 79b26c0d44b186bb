import * as z from 'zod'
import { show } from '../document/problem.ts'
import { packageAdvice, packagePattern } from '../normalise/package-request.ts'
import { checksum, form, id, imagePath, permissions, shortText } from './scalar.ts'

export const packageRequest = form(
  packagePattern,
  'a package: "name", "name=version" with * and ? allowed, "name>=version", "name@suite", or "!name"',
  { advice: packageAdvice },
)

const repository = z
  .strictObject({
    name: form(/^[a-z0-9][a-z0-9.-]*$/, 'a short name like "nginx-org"')
      .optional()
      .meta({
        description: 'Id in the lock and after `@` in a package. Default: made from the address.',
        examples: ['nginx-org'],
      }),
    address: z
      .string()
      .max(2048)
      .meta({
        description:
          'Base address of the archive, without credentials (they belong in a netrc file), or a folder that has the same files: `./packages` beside the recipe, or an absolute path.',
        examples: ['https://packages.example/debian'],
      }),
    suite: z
      .string()
      .max(255)
      .optional()
      .meta({
        description:
          'Suite as its Release file is found under `dists/`. With a slash at its end it is a folder below the address: a flat repository, without components (`./` is the address itself). For apk the folder below the address that has the components; without it the address itself has the index of each architecture.',
        examples: ['trixie'],
      }),
    components: z
      .array(shortText)
      .max(50)
      .optional()
      .meta({
        description: 'Components to read. Default: `main`; a flat repository has none.',
        examples: [['main']],
      }),
    key: shortText.optional().meta({
      description:
        'File with the OpenPGP key that signs, beside the recipe or an https address. With `fingerprint` the key must be that one.',
      examples: ['keys/packages.asc'],
    }),
    fingerprint: form(/^[0-9A-Fa-f ]{40,80}$/, 'a fingerprint of 40 or 64 hex digits')
      .optional()
      .meta({
        description: 'Fingerprint of the key that signs.',
        examples: ['0123456789ABCDEF0123456789ABCDEF01234567'],
      }),
  })
  .meta({ id: 'repository' })

/** Patterns of what stays out of a folder. */
export const ignored = z.array(shortText).max(200)

const file = z
  .strictObject({
    path: imagePath.meta({
      description: 'Where the file goes; the folder for what is in a folder or an archive.',
      examples: ['/etc/app/app.conf'],
    }),
    source: shortText.optional().meta({
      description:
        'File beside the recipe, or a folder with all that is in it: a relative path that stays in its folder. "." is the whole folder of the recipe, less the recipe, its locks, images that were built there and `.git`. What `.dockerignore` names is left out. Permissions and owner are for each file of a folder. `@temper-images/temper/dist` is a part of Temper as it is installed, `@temper-images/server/dist` one of its server, and `@temper-images/catalog/node/24/package-lock.json` a file of its catalogue.',
      examples: ['files/app.conf'],
    }),
    ignore: ignored.optional().meta({
      description:
        'Of a folder: what stays out of it, besides what `.dockerignore` names. Patterns as in `.dockerignore`, relative to `source`.',
      examples: [['node_modules', '**/*.test.js']],
    }),
    url: shortText.optional().meta({
      description: 'Address to fetch from, https only, with a `checksum`. Give `source` or `url`.',
      examples: ['https://downloads.example/app-1.2/app.jar'],
    }),
    checksum: checksum.optional().meta({
      description: 'Digest of the content; needed for an address, checked for a file too.',
      examples: [`sha256:${'4f'.repeat(32)}`],
    }),
    permissions: permissions
      .optional()
      .meta({ description: 'Octal permissions. Default: 0o644.', examples: ['0o755'] }),
    mode: permissions.optional().meta({ description: 'The same as `permissions`.', examples: ['0755'] }),
    uid: id.optional().meta({ description: 'Owner. Default: 0.', examples: [0] }),
    gid: id.optional().meta({ description: 'Group. Default: 0.', examples: [0] }),
    unpack: z
      .boolean()
      .optional()
      .meta({
        description:
          'The file is an archive: tar, also compressed with gzip, xz, zstd or bzip2, or zip. What is in it goes below `path`, files as executable as they are there (or with `permissions`), links as they are.',
        examples: [true],
      }),
    strip: z
      .int()
      .min(0)
      .max(64)
      .optional()
      .meta({
        description: 'Unpack it, and leave out this many folders at the start of each name.',
        examples: [1],
      }),
    template: z
      .boolean()
      .optional()
      .meta({
        description:
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax that it describes
          'The file is a text in which `${{vars.NAME}}` stands for the var of the recipe, as in the recipe itself.',
        examples: [true],
      }),
    platforms: z
      .array(shortText)
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'Only for these platforms. Default: for all.', examples: [['linux/amd64']] }),
    spdx: z
      .looseObject({})
      .optional()
      .meta({
        description:
          'What DHI definitions say of the packages in a file. Accepted, and without effect: bills of materials list what Temper finds in the image.',
        examples: [{ name: 'app' }],
      }),
  })
  .meta({ id: 'file' })

export const contents = z
  .strictObject({
    packages: z
      .array(packageRequest)
      .max(2000)
      .optional()
      .meta({
        description:
          'Packages to install, with what they need. `name=1.26.*` pins a version (`*` and `?` match any characters), `name>=1.26`, `name<2` and their like give a range, `name@suite` takes it from a suite or repository, `!name` keeps a package out (quote it, because YAML gives `!` a meaning). For apk, `name~1.26` is every version that begins so, and `cmd:name`, `so:libname.so.1` and `pc:name` stand for the package that provides the program, library or module.',
        examples: [['nginx', 'libssl3t64=3.5.*', '!perl']],
      }),
    without: z
      .array(form(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'the name of a package'))
      .max(200)
      .optional()
      .meta({
        description:
          'Packages to leave out although others depend on them, for helpers that nobody runs. Files that then lack an interpreter or a library are left out with the reason, or refused by the proof. `!name` under `packages` excludes packages that nothing needs.',
        examples: [['perl']],
      }),
    repositories: z
      .array(
        z.union([z.string().max(4096), repository], {
          error: (issue) =>
            `expected a repository: "deb ADDRESS SUITE COMPONENT…", an address or a mapping, found ${show(issue.input)}`,
        }),
      )
      .max(50)
      .optional()
      .meta({
        description:
          'Signed repositories besides those of the distribution: a line as apt or apk writes it, or a mapping. In a line of apt, `[signed-by=…]` names a key file beside the recipe or a fingerprint; a line of apk is an address, with `@tag` before it when only packages that ask for the tag are taken from it.',
        examples: [['deb [signed-by=keys/packages.asc] https://packages.example/debian trixie main']],
      }),
    keyring: z
      .array(shortText)
      .max(50)
      .optional()
      .meta({
        description:
          'Key files (beside the recipe, or https addresses) that may sign the repositories above when these name no key of their own; for Alpine also the mirrors of the distribution. Keys of apk keep the file name by which signatures call them.',
        examples: [['keys/packages.asc']],
      }),
    files: z
      .array(file)
      .max(1000)
      .optional()
      .meta({
        description: 'Files to add, from beside the recipe or from an address.',
        examples: [[{ source: 'files/app.conf', path: '/etc/app/app.conf' }]],
      }),
  })
  .meta({ id: 'contents' })
