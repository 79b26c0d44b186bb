/**
 * A program for `node -e`: asks http://127.0.0.1:PORT/PATH and prints status and body as JSON; exits with 1
 * when nothing answers. It runs inside the container's network, outside of its file system.
 */
export const requestScript = `
const [port, path] = process.argv.slice(1)
const http = require('node:http')
const request = http.get({ host: '127.0.0.1', port: Number(port), path, timeout: 5000 }, (response) => {
  let body = ''
  response.setEncoding('utf8')
  response.on('data', (chunk) => { if (body.length < 65536) body += chunk })
  response.on('end', () => process.stdout.write(JSON.stringify({ status: response.statusCode, body })))
})
request.on('timeout', () => request.destroy(new Error('timeout')))
request.on('error', () => process.exit(1))
`
