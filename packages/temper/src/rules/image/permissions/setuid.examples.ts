import { type Examples, file } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

/** cap_net_raw=ep */
const netRaw = Buffer.from('0100000200200000000000000000000000000000', 'hex').toString('base64')

export const examples: Examples = {
  broken: [
    { title: 'mount, setuid', files: [file('usr/bin/mount', plainProgram, { mode: 0o4755 })] },
    { title: 'wall, setgid', files: [file('usr/bin/wall', plainProgram, { mode: 0o2755 })] },
    {
      title: 'a program with a capability',
      files: [
        { ...file('usr/bin/arp', plainProgram, { mode: 0o755 }), xattrs: { 'security.capability': netRaw } },
      ],
    },
  ],
  kept: [
    {
      title: 'a folder with the sticky bit',
      files: [{ ...file('var/tmp'), type: 'directory', mode: 0o1777 }],
    },
  ],
}
