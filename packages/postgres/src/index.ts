export { adminUrl } from './admin-url.ts'
export { apiPassword, apiRole, apiTemplate } from './api-login.ts'
export { freePort } from './free-port.ts'
export { dropLocalServer, type LocalServer, localDataDir, localServer } from './local.ts'
export {
  type AppliedMigration,
  applyMigrations,
  type MigrationRange,
  migratedTemplate,
  migrationFolders,
} from './migrations.ts'
export { repositoryRoot } from './repository.ts'
export { contentHash, databaseUrl, makeTemplate, type ScratchDatabase, scratchDatabase } from './scratch.ts'
export {
  defaultPort,
  dropServer,
  type Server,
  type ServerOptions,
  type Settings,
  startServer,
} from './server.ts'
export { ensureOwner, ownerPassword, ownerRole, type TestServer, testServer } from './test-server.ts'
