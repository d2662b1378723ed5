import { expect, test } from '../src/fixtures.ts'
import { newEmail, password } from '../src/person.ts'

// The fixture `contentPolicy` checks that no page of any journey violates the policy; these tests check what it forbids.

for (const app of ['/', '/staff/'])
  test(`${app} is served with the policy, without inline scripts, handlers or styles`, async ({
    elsewhere,
  }) => {
    const response = await elsewhere.get(app)
    expect(response.headers()['content-security-policy']).toMatch(/(^|;)script-src 'self';/)
    expect(response.headers()['content-security-policy']).toMatch(/(^|;)script-src-attr 'none';/)
    const html = await response.text()
    const scripts = html.match(/<script\b[^>]*>[^<]*/g) ?? []
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect(script).toMatch(/^<script\b[^>]* src="\/[^">]+"[^>]*>$/)
    expect(html).not.toMatch(/<[^>]*\son\w+\s*=|javascript:|<style\b|\sstyle=/i)
  })

test('an injected script does not run, and no script can read the session', async ({
  otherDevice,
  clinic,
}) => {
  const page = await otherDevice()
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  const response = await page.goto(`/${clinic.id}/login`)
  const policy = response?.headers()['content-security-policy'] ?? ''
  const scripts = policy.split(';').find((directive) => directive.startsWith('script-src '))
  expect(scripts).toBe("script-src 'self'")
  for (const directive of [
    "default-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ])
    expect(policy).toContain(directive)

  const email = newEmail()
  const signedIn = await page.evaluate(
    async (credentials) => {
      const send = (form: string, body: object) =>
        fetch(`/api/auth/${form}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      await send('sign-up/email', { name: 'Ana', ...credentials })
      const response = await send('sign-in/email', credentials)
      // the answer does not contain the token that the cookie hides from scripts
      return response.ok && !(await response.text()).includes('token')
    },
    { email, password },
  )
  expect(signedIn).toBe(true)
  expect((await page.context().cookies()).map(({ name }) => name)).toContain('vetcita.session_token')
  expect(await page.evaluate(() => document.cookie)).toBe('')

  const ran = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'window.name = "ran"'
    document.body.append(script)
    const image = document.createElement('div')
    image.innerHTML = '<img src="/nothing" onerror="window.name = \'ran\'">'
    document.body.append(image)
    const foreign = document.createElement('script')
    foreign.src = 'https://evil.example/x.js'
    const ended = new Promise((resolve) => foreign.addEventListener('error', () => resolve('refused')))
    document.body.append(foreign)
    await ended
    return window.name
  })
  expect(ran).toBe('')
  // the same text that the fixture looks for
  expect(messages.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2)
})
