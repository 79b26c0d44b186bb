import * as z from 'zod'
import { show } from '../document/problem.ts'
import { ignored, packageRequest } from './contents.ts'
import { checksum, form, id, imagePath, permissions, shortText, text, texts } from './scalar.ts'

/** A path below a folder: no leading slash, no `.`, `..` or empty part. */
export const pathBelow = form(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
  /^(?!\.{1,2}(\/|$))[^/\x00-\x1f\x7f]+(\/(?!\.{1,2}(\/|$))[^/\x00-\x1f\x7f]+)*$/,
  'a path like "src/hello.c", without "." or ".." and without a slash at its start or end',
  { max: 4096 },
)

const input = z
  .strictObject({
    source: shortText.optional().meta({
      description:
        'File or folder beside the recipe; "." is the whole folder, as in `contents.files`, and lies in /work itself.',
      examples: ['src'],
    }),
    ignore: ignored.optional().meta({
      description:
        'Of a folder: what stays out of it, besides what `.dockerignore` names. Patterns as in `.dockerignore`, relative to `source`.',
      examples: [['node_modules', '**/*.test.js']],
    }),
    url: shortText.optional().meta({
      description: 'Address to fetch from, https only, with a `checksum`. Give `source`, `url` or `git`.',
      examples: ['https://downloads.example/app-1.2.tar.gz'],
    }),
    git: shortText.optional().meta({
      description:
        'Repository of git, as an address of https or http or as a folder beside the recipe, with a `commit`. The files of that commit come as they were committed: no history, no submodules, no filters.',
      examples: ['https://git.example/team/app.git'],
    }),
    commit: form(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'the whole id of a commit')
      .optional()
      .meta({
        description: 'The commit, by its whole id: a branch or tag says something else each day.',
        examples: ['4f'.repeat(20)],
      }),
    checksum: checksum.optional().meta({
      description: 'Digest of the content; needed for an address, checked for a file too.',
      examples: [`sha256:${'4f'.repeat(32)}`],
    }),
    path: pathBelow.optional().meta({
      description:
        'Where it lies below /work. Default: the name at the end of `source` or `url`; of an archive, /work itself.',
      examples: ['src'],
    }),
    unpack: z
      .boolean()
      .optional()
      .meta({
        description: 'It is an archive, whose content goes below `path`: as under contents.files.',
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
    permissions: permissions
      .optional()
      .meta({ description: 'Octal permissions. Default: 0o644.', examples: ['0o755'] }),
  })
  .meta({ id: 'step-input' })

const dependency = z
  .strictObject({
    source: imagePath.meta({
      description: 'The file or folder, by its path in the image: below `into` of one of the `dependencies`.',
      examples: ['/app/node_modules'],
    }),
    path: pathBelow.optional().meta({
      description: 'Where it lies below /work. Default: the name at the end of `source`.',
      examples: ['node_modules'],
    }),
  })
  .meta({ id: 'step-dependency' })

const output = z
  .strictObject({
    source: pathBelow.meta({
      description: 'The file or folder, below /work. Links are kept as they are.',
      examples: ['hello'],
    }),
    path: imagePath.meta({ description: 'Where it goes in the image.', examples: ['/usr/local/bin/hello'] }),
    permissions: permissions.optional().meta({
      description:
        'Octal permissions of files. Default: 0o755 for what its owner may execute, else 0o644; never setuid.',
      examples: ['0o755'],
    }),
    mode: permissions.optional().meta({ description: 'The same as `permissions`.', examples: ['0755'] }),
    uid: id.optional().meta({ description: 'Owner. Default: 0.', examples: [0] }),
    gid: id.optional().meta({ description: 'Group. Default: 0.', examples: [0] }),
  })
  .meta({ id: 'step-output' })

const script = text.meta({ examples: ['make hello'] })

const step = z
  .strictObject({
    name: form(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a short name like "compile"').meta({
      description: 'What the step is called.',
      examples: ['compile'],
    }),
    packages: z
      .array(packageRequest)
      .max(2000)
      .optional()
      .meta({
        description:
          'Packages that the sandbox is made of, with all that they need, besides a shell: from the repositories of the recipe, written and locked as those of the image. Nothing of them enters the image.',
        examples: [['gcc', 'libc6-dev', 'coreutils']],
      }),
    inputs: z
      .array(input)
      .max(1000)
      .optional()
      .meta({ description: 'Files and folders that the step gets.', examples: [[{ source: 'hello.c' }]] }),
    dependencies: z
      .array(dependency)
      .max(1000)
      .optional()
      .meta({
        description:
          'What the step gets of the application packages that the `dependencies` of the recipe install, as they would be in the image, and of those that have `dev`.',
        examples: [[{ source: '/app/node_modules' }]],
      }),
    network: z
      .array(input.omit({ source: true, ignore: true }))
      .max(1000)
      .optional()
      .meta({
        description:
          'What the step needs of the network, each with its checksum: fetched beforehand and laid in like an input. The step itself reaches no network.',
        examples: [
          [{ url: 'https://downloads.example/app-1.2.tar.gz', checksum: `sha256:${'4f'.repeat(32)}` }],
        ],
      }),
    run: z
      .union([script, z.array(script).max(1000)], {
        error: (issue) =>
          `expected a shell script, as text or as a list of lines, found ${show(issue.input)}`,
      })
      .meta({
        description:
          'What /bin/sh runs in /work, as the user nonroot. The first command that fails ends it. TZ, LC_ALL, HOME and SOURCE_DATE_EPOCH are set; the root is read-only, /work and /tmp are not.',
        examples: ['make hello'],
      }),
    environment: texts(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable name')
      .optional()
      .meta({ description: 'Environment variables of the step.', examples: [{ CFLAGS: '-O2' }] }),
    outputs: z
      .array(output)
      .min(1)
      .max(1000)
      .meta({
        description: 'What of it enters the image: nothing else does.',
        examples: [[{ source: 'hello', path: '/usr/local/bin/hello' }]],
      }),
    timeout: z
      .int()
      .min(1)
      .max(86400)
      .optional()
      .meta({ description: 'Seconds after which it is ended. Default: 1800.', examples: [600] }),
  })
  .meta({ id: 'step' })

export const steps = z.array(step).max(100)
