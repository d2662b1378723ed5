import { expect, test } from 'vitest'
import { refuseUnbuildable, repositoryRoot } from '../src/repository.ts'

test('a checkout in a folder in which Vite cannot build is refused; a percent sign or a space is none', () => {
  expect(() => refuseUnbuildable('/home/ana/a #b')).toThrow(
    /^The apps cannot be built in \/home\/ana\/a #b, because "#"/,
  )
  for (const folder of [repositoryRoot, '/home/ana/50%/c %41%20d'])
    expect(() => refuseUnbuildable(folder)).not.toThrow()
})
