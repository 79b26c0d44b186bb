/**
 * The words that run others in a sandbox without network: what they ask over HTTP goes through a socket to the gateway
 * outside (gateway.ts). The Node of the service runs it, since what runs Temper may be any program, and it is given as text, since a
 * sandbox need not see the files of the service.
 */
export function relayWords(socket: string, words: readonly string[]): readonly string[] {
  return [process.execPath, '-e', `(${relay.toString()})()`, '--', socket, ...words]
}

/** Runs alone in a process of its own: it may use nothing of this module. */
function relay(): void {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const { connect, createServer } = process.getBuiltinModule('node:net')
  const [socket = '', program = '', ...words] = process.argv.slice(1)
  const server = createServer((near) => {
    const far = connect(socket)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const proxy = `http://127.0.0.1:${port}`
    const others = Object.entries(process.env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name))
    const env = {
      ...Object.fromEntries(others),
      http_proxy: proxy,
      https_proxy: proxy,
      TEMPER_PROXY_FOR_ALL: '1',
    }
    const child = spawn(program, words, { stdio: 'inherit', env })
    child.on('error', () => process.exit(127))
    child.on('exit', (code) => process.exit(code ?? 128))
  })
}
