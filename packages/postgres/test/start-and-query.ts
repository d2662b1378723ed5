import process from 'node:process'
import { startServer } from '../src/index.ts'

/**
 * A program that starts or joins the server on a folder, prints its URL, and stops on a line of standard input. Tests run
 * it twice at once, kill it, and run it as another user.
 */
const [dataDir, port] = process.argv.slice(2)
if (dataDir === undefined) throw new Error('usage: start-and-query.ts <dataDir> [port]')
const server = await startServer({
  dataDir,
  port: Number(port ?? 0),
  settings: { fsync: false },
  onNotice: (sentence) => process.stdout.write(`notice ${sentence}\n`),
})
process.stdout.write(`url ${server.url()}\nfolder ${server.folder}\n`)
process.stdin.once('data', async () => {
  await server.stop()
  process.exit(0)
})
