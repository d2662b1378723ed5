import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconLanguage, IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { changeLanguage, useLanguage } from '../i18n/i18n.ts'

/** Switches to the other language; the choice is kept on this device and `<html lang>` follows. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation('ui')
  const other = useLanguage() === 'es' ? 'en' : 'es'
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-md"
      lang={other}
      className="vc-language"
      leftSection={<IconLanguage size={18} aria-hidden />}
      onClick={() => changeLanguage(i18n, other)}
    >
      {t('language.switchTo')}
    </Button>
  )
}

/** Switches between light and dark; until the first click the device's setting applies. */
export function ColorSchemeSwitch() {
  const { t } = useTranslation('ui')
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme('light') === 'dark'
  const label = isDark ? t('colorScheme.toLight') : t('colorScheme.toDark')
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />}
    </ActionIcon>
  )
}
