import { buildElf } from '../../../formats/elf/fixture-elf.ts'
import { type Examples, file, link, program } from '../example.ts'

const library = buildElf({ soname: 'libz.so.1', relro: 'full', stackProtector: true })
const needing = buildElf({ pie: true, relro: 'full', stackProtector: true, needed: ['libz.so.1'] })

export const examples: Examples = {
  broken: [{ title: 'zlib, which the program does not need', files: [file('usr/lib/libz.so.1', library)] }],
  kept: [
    {
      title: 'one that a program needs, by a link',
      files: [
        program('usr/bin/app', needing),
        file('usr/lib/libz.so.1.3.1', library),
        link('usr/lib/libz.so.1', 'libz.so.1.3.1'),
      ],
    },
    { title: 'one in a folder of plug-ins', files: [file('usr/lib/app/plugins/libz.so.1', library)] },
  ],
}
