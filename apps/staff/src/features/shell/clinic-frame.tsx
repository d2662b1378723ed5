import { Alert, Group } from '@mantine/core'
import type { Membership } from '@vetcita/contracts'
import { ColorSchemeSwitch, LanguageSwitch, OfflineNotice } from '@vetcita/ui'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Brand } from '../../components/brand.tsx'
import { ClinicSwitch } from './clinic-switch.tsx'
import { MainNav } from './main-nav.tsx'
import { SearchButton } from './search-dialog.tsx'
import { UserMenu } from './user-menu.tsx'

/** The frame of a clinic's pages: navigation, search, language, colours and account. */
export function ClinicFrame({ clinic, children }: { clinic: Membership; children: ReactNode }) {
  const { t } = useTranslation(['staff', 'ui'])
  const [signOutFailed, setSignOutFailed] = useState(false)
  return (
    <div className="vs-frame">
      <a className="vc-skip-link" href="#content">
        {t('ui:states.skipToContent')}
      </a>
      <header className="vs-header">
        <Brand />
        <div className="vs-clinic">
          <ClinicSwitch clinic={clinic} />
        </div>
        <MainNav clinic={clinic} />
        <Group gap="xs" wrap="nowrap">
          <SearchButton clinic={clinic.id} />
          <LanguageSwitch />
          <ColorSchemeSwitch />
          <UserMenu clinic={clinic} onSignOutFailed={() => setSignOutFailed(true)} />
        </Group>
      </header>
      <OfflineNotice />
      {signOutFailed ? (
        <Alert
          role="alert"
          color="red"
          radius={0}
          withCloseButton
          closeButtonLabel={t('ui:states.close')}
          onClose={() => setSignOutFailed(false)}
        >
          {t('user.signOutFailed')}
        </Alert>
      ) : null}
      <main id="content" className="vs-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
