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
  /** Which form shows first: somebody who books for a new pet is likely new. */
  startWith: 'signIn' | 'signUp'
  /** False where the person becomes a client in another way: by the record that the clinic keeps of them. */
  joins?: boolean
  /** After the person is signed in and a client of this clinic. */
  onDone?: () => void
}

/** Sign in, or sign up, and join this clinic: the same panel on its own page and at the end of a booking. */
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

/** Where signing in is to lead: what the sign-in page was told, or the page that the panel is on, a booking's. */
function useBack(): { back?: string } {
  const { pathname, search, searchStr } = useLocation()
  return pathname.endsWith('/login') ? parseBack(search) : { back: pathname + searchStr }
}
