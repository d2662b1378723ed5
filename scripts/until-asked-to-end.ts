import process from 'node:process'

/**
 * Resolves with the first signal that asks this process to end: Ctrl-C, a closed terminal, a service manager.
 * A second Ctrl-C ends the process at once, whatever is still running.
 */
export function untilAskedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked && signal === 'SIGINT') process.exit(130)
        asked = true
        resolve(signal)
      })
  })
}
