import * as z from 'zod'
import { imagePath, shortText } from './scalar.ts'

const dependency = z
  .strictObject({
    python: shortText.optional().meta({
      description:
        'Lock file of Python beside the recipe, by its name: requirements.txt with hashes, uv.lock, poetry.lock or Pipfile.lock. Wheels for the Python of the image are installed.',
      examples: ['requirements.txt'],
    }),
    npm: shortText.optional().meta({
      description:
        'Lock file of npm beside the recipe: package-lock.json or npm-shrinkwrap.json, version 2 or 3.',
      examples: ['package-lock.json'],
    }),
    into: imagePath.optional().meta({
      description:
        'Folder that they go to. Python: default where the image’s Python looks for modules; with another folder, name it in PYTHONPATH, and programs are in its bin. npm: the folder of the application, below which node_modules is made; needed.',
      examples: ['/app'],
    }),
  })
  .meta({ id: 'dependency' })

export const dependencies = z.array(dependency).max(20)
