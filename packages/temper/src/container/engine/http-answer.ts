import { get } from 'node:http'
import type { HttpAnswer } from '../../model/container.ts'

/** What is kept of a body. */
const bodyLimit = 64 * 1024

/** Milliseconds without a byte after which a server counts as not answering. */
const patience = 5000

/** Asks http://127.0.0.1:PORT/PATH. Undefined when nothing answers, or not with HTTP. */
export async function askLoopback(port: number, path: string): Promise<HttpAnswer | undefined> {
  return await new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, timeout: patience, agent: false }, (response) => {
      let body = ''
      const end = () => resolve({ status: response.statusCode ?? 0, body })
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text.slice(0, bodyLimit - body.length)
        // Some answers never end; their start is enough.
        if (body.length >= bodyLimit) response.destroy()
      })
      response.on('close', end)
      response.on('error', end)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}
