import Bowser from 'bowser'

type Device = { browser: string | null; system: string | null; isHandheld: boolean }

/** Returns what a User-Agent header says of the device, for users to recognize their own: `Firefox` on `Android`. */
export function deviceOf(userAgent: string | null): Device {
  if (userAgent === null || userAgent === '') return { browser: null, system: null, isHandheld: false }
  const { browser, os, platform } = Bowser.parse(userAgent)
  return {
    browser: browser.name || null,
    system: os.name || null,
    isHandheld: platform.type === 'mobile' || platform.type === 'tablet',
  }
}
