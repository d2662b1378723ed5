/** Returns a script for psql without psql's own commands, so that any client can run it. */
export function withoutPsqlCommands(script: string): string {
  return script.replace(/^\\.*$/gm, '')
}
