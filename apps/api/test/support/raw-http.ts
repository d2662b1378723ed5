import net from 'node:net'

/** The bytes received on a connection, as text; empty if the server closed it without an answer. */
export type RawAnswer = { status: number; text: string }

/** Sends bytes that an HTTP client would not send, and reads until the server closes the connection or falls silent. */
export function sendRaw(url: string, request: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname)
    let text = ''
    const done = () => {
      socket.destroy()
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    }
    socket.setTimeout(1_500, done)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('close', done)
    // the server may close the connection while a large request is being written
    socket.on('error', done)
    socket.write(request)
  })
}

/** Returns a request as text, with `Connection: close`; `lines` are header lines. */
export function requestText(method: string, path: string, lines: readonly string[] = [], body = ''): string {
  const own = ['host: localhost', 'connection: close', 'x-clinic: adris', ...lines]
  if (body !== '' && !lines.some((line) => /^(content-length|transfer-encoding):/i.test(line)))
    own.push(`content-length: ${Buffer.byteLength(body)}`)
  return `${method} ${path} HTTP/1.1\r\n${own.join('\r\n')}\r\n\r\n${body}`
}
