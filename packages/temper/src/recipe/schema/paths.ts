import * as z from 'zod'
import { show } from '../document/problem.ts'
import { id, imagePath, permissions, shortText, text } from './scalar.ts'

const path = imagePath.meta({ description: 'Path in the image.', examples: ['/var/lib/app'] })
const owner = {
  uid: id
    .optional()
    .meta({ description: 'Owner. Default: 0; for `permissions`: unchanged.', examples: [65532] }),
  gid: id
    .optional()
    .meta({ description: 'Group. Default: 0; for `permissions`: unchanged.', examples: [65532] }),
  permissions: permissions.optional().meta({
    description: 'Octal. Default: 0o755 for directories, 0o644 for files; for `permissions`: unchanged.',
    examples: ['0o755'],
  }),
  mode: permissions.optional().meta({ description: 'The same as `permissions`.', examples: ['0755'] }),
}

/** What DHI definitions write for links and deletions as for everything else. */
const unused = {
  uid: id.optional().meta({ description: 'Accepted, and without effect.', examples: [0] }),
  gid: id.optional().meta({ description: 'Accepted, and without effect.', examples: [0] }),
  permissions: permissions
    .optional()
    .meta({ description: 'Accepted, and without effect.', examples: ['0o777'] }),
  mode: permissions.optional().meta({ description: 'Accepted, and without effect.', examples: ['0777'] }),
}

const linkSource = shortText.meta({
  description:
    'What the link points to. Of a symlink any text; of a hard link an absolute path in the image.',
  examples: ['/usr/bin/python3.13'],
})

export const pathRequest = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('directory'), path, ...owner }).meta({
      description: 'A directory. What the runtime user may write to is declared this way, with its uid.',
    }),
    z
      .strictObject({
        type: z.literal('file'),
        path,
        content: text.optional().meta({
          description: 'The content of the file. Give `content` or `source`.',
          examples: ['listen = 8080\n'],
        }),
        source: shortText.optional().meta({
          description: 'File beside the recipe, as in `contents.files`.',
          examples: ['files/app.conf'],
        }),
        ...owner,
      })
      .meta({ description: 'A file, with its content in the recipe or beside it.' }),
    z
      .strictObject({ type: z.enum(['empty-file', 'emptyfile']), path, ...owner })
      .meta({ description: 'A file without content. Both spellings mean the same.' }),
    z
      .strictObject({ type: z.literal('symlink'), path, source: linkSource, ...unused })
      .meta({ description: 'A symbolic link. It is of root: everybody may follow it.' }),
    z
      .strictObject({ type: z.literal('hardlink'), path, source: linkSource })
      .meta({ description: 'A second name of a file.' }),
    z
      .strictObject({
        type: z.literal('permissions'),
        path,
        ...owner,
        recursive: z
          .boolean()
          .optional()
          .meta({ description: 'Also for everything below. Default: false.', examples: [true] }),
      })
      .meta({ description: 'Changes owner or permissions of what is there already.' }),
    z
      .strictObject({
        type: z.literal('delete'),
        path: imagePath.meta({
          description:
            'Path in the image. `*` and `?` match within a name, `**` across folders, of which there may be none: `/usr/lib/python3*/**/tests`. What matches nothing is an error.',
          examples: ['/usr/lib/python3*/**/tests'],
        }),
        ...unused,
      })
      .meta({ description: 'Removes a file, or a directory with everything below.' }),
  ],
  {
    error: (issue) => {
      const type = (issue.input as { type?: unknown } | null | undefined)?.type
      return `expected one of directory, file, empty-file, symlink, hardlink, permissions, delete, found ${show(type)}`
    },
  },
)
