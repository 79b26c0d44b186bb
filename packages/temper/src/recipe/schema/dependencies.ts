import * as z from 'zod'
import { imagePath, shortText } from './scalar.ts'

const dependency = z
  .strictObject({
    python: shortText.optional().meta({
      description:
        'Lock file of Python beside the recipe, by its name: requirements.txt with hashes, uv.lock, poetry.lock, pdm.lock, pylock.toml or Pipfile.lock. Wheels for the Python of the image are installed.',
      examples: ['requirements.txt'],
    }),
    npm: shortText.optional().meta({
      description:
        'Lock file of a JavaScript project beside the recipe: package-lock.json or npm-shrinkwrap.json (version 2 or 3), pnpm-lock.yaml (version 6 or 9), or yarn.lock with its package.json.',
      examples: ['package-lock.json', 'pnpm-lock.yaml'],
    }),
    maven: shortText.optional().meta({
      description:
        'Lock file of a Java project beside the recipe: lockfile.json of the plug-in maven-lockfile, or gradle.lockfile with gradle/verification-metadata.xml. Jars are checked by their digests.',
      examples: ['lockfile.json'],
    }),
    composer: shortText.optional().meta({
      description:
        'Lock file of a PHP project beside the recipe: composer.lock, with its composer.json. Archives are checked by the SHA-1 that the lock has, if any; their SHA-256 is in the lock of the recipe.',
      examples: ['composer.lock'],
    }),
    gem: shortText.optional().meta({
      description:
        'Lock file of a Ruby project beside the recipe: Gemfile.lock of Bundler 2.6 or later, with its section CHECKSUMS. Gems that need no compiler are installed.',
      examples: ['Gemfile.lock'],
    }),
    project: shortText.optional().meta({
      description:
        'Which project of a workspace, where several share a pnpm-lock.yaml or yarn.lock: its folder below that of the lock file. Default: that folder itself.',
      examples: ['apps/web'],
    }),
    into: imagePath.optional().meta({
      description:
        'Folder that they go to. Python: default where the image’s Python looks for modules; with another folder, name it in PYTHONPATH, and programs are in its bin. npm: the folder of the application, below which node_modules is made; needed. Maven: the folder for the jars, to be named in the class path as /app/lib/*; needed. Composer: the folder of the application, below which vendor is made; needed. Gems: the folder of the application, below which vendor/bundle is made; needed.',
      examples: ['/app'],
    }),
    strip: z
      .boolean()
      .optional()
      .meta({
        description:
          'Leaves out of their programs and libraries what only debuggers and linkers read (.symtab, .debug_*), as strip does; all that is loaded stays as it is. For npm. Default: false.',
        examples: [true],
      }),
    dev: z
      .boolean()
      .optional()
      .meta({
        description:
          'With what the lock file has for development, such as compilers and bundlers, and for build steps alone: a step names what it takes of it under its `dependencies`, and nothing of it enters the image. What the image needs is an entry of its own. For npm, Python (groups of uv and Poetry, `develop` of Pipenv) and lockfile.json of Maven (scopes provided and test). Default: false.',
        examples: [true],
      }),
  })
  .meta({ id: 'dependency' })

export const dependencies = z.array(dependency).max(20)
