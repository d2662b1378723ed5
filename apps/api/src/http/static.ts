import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** A single-page app: the folder of its build, and the path under which it is served. */
export type App = { prefix: '/' | '/staff/'; dist: string }

/**
 * Serves the built apps. Files under `assets/` have a hash in their name and are cached for a year; everything else,
 * above all the page, is revalidated each time.
 *
 * @returns a function that sends the page of the app to which an address belongs, where the app's own router takes over;
 * it returns false if no app is served there or the address is of an asset
 */
export async function serveApps(
  app: FastifyInstance,
  apps: readonly App[],
): Promise<(url: string, reply: FastifyReply) => false | FastifyReply> {
  for (const [index, { prefix, dist }] of apps.entries()) {
    await app.register(fastifyStatic, {
      root: path.resolve(dist),
      prefix,
      decorateReply: index === 0,
      index: ['index.html'],
      redirect: prefix !== '/',
      wildcard: true,
      cacheControl: false,
      setHeaders: (reply, file) => {
        const hashed = file.startsWith(path.join(path.resolve(dist), 'assets') + path.sep)
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  return (url, reply) => {
    const [pathname = '/'] = url.split('?', 1)
    const found = apps
      .filter(({ prefix }) => `${pathname}/`.startsWith(prefix))
      .sort((one, other) => other.prefix.length - one.prefix.length)[0]
    if (found === undefined || /\/assets\//.test(pathname)) return false
    return reply.header('cache-control', 'no-cache').sendFile('index.html', path.resolve(found.dist))
  }
}
