export { databaseUrl } from './database-url.ts'
export { freePort, isFree } from './free-port.ts'
export { dropLocalServer, localDataDir, localServer } from './local.ts'
export { type MigrationRange, migrationFolders, migrationsFolder } from './migration-folders.ts'
export { refuseUnbuildable, repositoryRoot } from './repository.ts'
export { apiRole, apiRoleSql, grantApiRole, ownerRole } from './roles.ts'
export {
  dropServer,
  type Server,
  type ServerOptions,
  type Settings,
  startServer,
} from './server.ts'
export { dropThrowaway, sweepThrowaways, throwawayFolder } from './throwaway.ts'
export { withClient } from './with-client.ts'
