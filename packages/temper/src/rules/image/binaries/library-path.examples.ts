import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, program } from '../example.ts'

const elf = { pie: true, relro: 'full', stackProtector: true } as const
const tool = (path: { readonly runpath?: string; readonly rpath?: string }) =>
  program('usr/bin/tool', buildElf({ ...elf, ...path }))

export const examples: Examples = {
  broken: [
    { title: 'a relative folder', files: [tool({ rpath: 'lib' })] },
    { title: 'a folder for temporary files', files: [tool({ runpath: '/usr/lib:/tmp' })] },
    { title: 'a folder of the builder', files: [tool({ runpath: '/home/ci/app/lib' })] },
  ],
  kept: [
    { title: 'the folder of the program', files: [tool({ runpath: '$ORIGIN/../lib' })] },
    { title: 'a folder of root', files: [tool({ rpath: '/usr/lib:/opt/app/lib' })] },
  ],
}
