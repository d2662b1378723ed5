import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { SignInForm, SignUpForm, useSession } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../components/links.tsx'
import { parseBack } from './back.ts'
import { useClinic } from './clinic.tsx'
import { useJoin } from './join.ts'

interface SignInPanelProps {
  /** Which form shows first. */
  startWith: 'signIn' | 'signUp'
  /** False if the user becomes a client otherwise: by claiming the record that the clinic keeps of them. */
  joins?: boolean
  /** Called once the user is signed in and, if it `joins`, a client of this clinic. */
  onDone?: () => void
}

/** Signs in or up and joins this clinic, on its own page or at the end of a booking. */
export function SignInPanel({ startWith, joins = true, onDone }: SignInPanelProps) {
  const { t } = useTranslation('ui')
  const [mode, setMode] = useState(startWith)
  const clinic = useClinic()
  const { refresh } = useSession()
  const joinClinic = useJoin()
  const join: typeof joinClinic = (person) => (joins ? joinClinic(person) : refresh())
  const back = useBack()
  const isNew = mode === 'signUp'
  return (
    <Stack>
      <Title order={2}>{isNew ? t('auth.signUp') : t('auth.signIn')}</Title>
      {isNew ? (
        <SignUpForm
          clinic={clinic.id}
          asksPhone={joins}
          onSuccess={async ({ name, phone }) => {
            await join(phone === undefined ? { fullName: name } : { fullName: name, phone })
            onDone?.()
          }}
        />
      ) : (
        <SignInForm
          onSuccess={async () => {
            await join()
            onDone?.()
          }}
        />
      )}
      {isNew ? null : (
        <TextLink to="/$clinic/forgot-password" params={{ clinic: clinic.id }} search={back} ta="center">
          {t('auth.forgot')}
        </TextLink>
      )}
      <Text ta="center">
        {isNew ? t('auth.haveAccount') : t('auth.noAccount')}{' '}
        <Anchor
          component="button"
          type="button"
          fw={600}
          onClick={() => setMode(isNew ? 'signIn' : 'signUp')}
        >
          {isNew ? t('auth.signIn') : t('auth.signUp')}
        </Anchor>
      </Text>
    </Stack>
  )
}

/** Returns where signing in leads: the sign-in page's `back`, or the page that shows the panel. */
function useBack(): { back?: string } {
  const { pathname, search, searchStr } = useLocation()
  return pathname.endsWith('/login') ? parseBack(search) : { back: pathname + searchStr }
}
