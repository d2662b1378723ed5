import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** A single-page app: the folder that its build made, and where it is served. */
export type App = { prefix: '/' | '/staff/'; dist: string }

/**
 * Serves the built apps. Files under `assets/` carry a hash in their name and are kept for a year; everything else,
 * the page first, is asked for again each time. Any address inside an app that is no file answers with its page, where
 * the app's own router takes over.
 *
 * @returns sends the page of the app that an address belongs to, or false where no app is served there
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
