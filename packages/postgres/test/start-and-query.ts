import process from 'node:process'
import { startServer } from '../src/index.ts'

/**
 * A process of its own that starts or joins the server on a folder, says its URL and stops when told to (a line on
 * stdin), or is killed: what the tests of two starts at once, of a killed starter and of a plain user need.
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
