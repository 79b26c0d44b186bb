import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'Python', settings: { Cmd: ['-m', 'debugpy', '--listen', '5678'] } },
    { title: 'Go', settings: { Cmd: ['/go/bin/dlv', 'exec', '/app'] } },
    { title: 'Node.js that waits', settings: { Cmd: ['--inspect-brk'] } },
    {
      title: 'Java by JMX',
      settings: { Env: ['PATH=/usr/bin', 'JAVA_OPTS=-Dcom.sun.management.jmxremote.port=9010'] },
    },
    { title: 'PHP', settings: { Env: ['PATH=/usr/bin', 'PHP_OPTS=-d xdebug.mode=develop,debug'] } },

    {
      title: 'Java, by a variable',
      settings: {
        Env: ['PATH=/usr/bin', 'JAVA_OPTS=-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005'],
      },
    },
    { title: 'Node.js, by the command', settings: { Cmd: ['--inspect=0.0.0.0:9229', 'server.js'] } },
  ],
  kept: [
    { title: 'a module that is called otherwise', settings: { Cmd: ['-m', 'debugpyx'] } },
    {
      title: 'PHP that only measures',
      settings: { Env: ['PATH=/usr/bin', 'PHP_OPTS=-d xdebug.mode=coverage'] },
    },
    { title: 'a word that begins so', settings: { Cmd: ['--inspect-policy', 'strict'] } },
  ],
}
