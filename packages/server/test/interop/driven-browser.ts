import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

/** A page of a browser that a test uses as a person does, by the DevTools protocol. */
export interface DrivenPage {
  go(address: string): Promise<void>
  /** The value of an expression in the page. */
  value<T>(expression: string): Promise<T>
  /** Waits until an expression in the page is true. */
  until(expression: string): Promise<void>
  /** Names of the cookies that the browser would send from here, those that no script can read too. */
  cookies(): Promise<readonly string[]>
  /** A PNG of what is seen. */
  screenshot(): Promise<Buffer>
}

/** Runs `program`, a chromium, for as long as `use` takes. */
export async function withPage(program: string, use: (page: DrivenPage) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'temper-driven-'))
  const child = spawn(
    program,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...['--disable-background-networking', '--remote-debugging-port=0', '--window-size=1280,900'],
      ...[`--user-data-dir=${profile}`, 'about:blank'],
    ],
    { env: { PATH: '/usr/bin:/bin', HOME: profile }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  try {
    const devtools = await addressIn(child.stderr)
    const [page] = (await (await fetch(`http://${new URL(devtools).host}/json/list`)).json()) as {
      webSocketDebuggerUrl: string
    }[]
    const socket = new WebSocket(page?.webSocketDebuggerUrl ?? '')
    await once(socket, 'open')
    await use(pageOf(socket))
    socket.close()
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
    // Its helpers may write for a moment longer.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

async function addressIn(lines: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: lines })) {
    const address = /listening on (ws:\/\/\S+)/.exec(line)?.[1]
    if (address !== undefined) return address
  }
  throw new Error('the browser ended before it listened')
}

function pageOf(socket: WebSocket): DrivenPage {
  let asked = 0
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data))
    if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(new Error(error.message))
    waiting.delete(id)
  })
  const ask = (method: string, params: object = {}) => {
    const id = asked++
    const answer = Promise.withResolvers<Record<string, unknown>>()
    waiting.set(id, answer)
    socket.send(JSON.stringify({ id, method, params }))
    return answer.promise
  }
  const value = async <T>(expression: string): Promise<T> => {
    const { result } = await ask('Runtime.evaluate', { expression, returnByValue: true })
    return (result as { readonly value: T }).value
  }
  const until = async (expression: string) => {
    for (let attempt = 0; attempt < 600; attempt++) {
      // Between two pages there is none to ask.
      if (await value<boolean>(expression).catch(() => false)) return
      await delay(100)
    }
    throw new Error(
      `waited for ${expression} at ${await value<string>('location.href + document.body.innerText')}`,
    )
  }
  return {
    go: async (url) => void (await ask('Page.navigate', { url })),
    value,
    until,
    cookies: async () => {
      const { cookies } = await ask('Network.getCookies')
      return (cookies as { readonly name: string }[]).map(({ name }) => name)
    },
    screenshot: async () => Buffer.from((await ask('Page.captureScreenshot'))['data'] as string, 'base64'),
  }
}
